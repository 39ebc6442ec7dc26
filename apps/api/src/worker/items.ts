/** The engine's events as what is recorded of them. */
import type { RecordItem } from "@mithridate/db";
import { defenses, type ExperimentConfig, type ExperimentEvent, type TrainStepEvent } from "@mithridate/engine";
import type { HostEnvironment } from "./environment.ts";

type Row = Extract<ExperimentEvent, { type: "probe-end" }>["row"];

/** What the items of a run depend on besides its events. */
export interface Telling {
	readonly host: HostEnvironment;
	/** Stages that are trained: the store tells of them, with their keys. */
	readonly trainings: readonly string[];
	/** The key of a stage that was trained or taken from the store; null for a model that is not trained. */
	stageKey(stage: string): string | null;
}

/** What is recorded of an event. Progress is not among it: it is told at its own pace. */
export function itemsOf(event: ExperimentEvent, { host, trainings, stageKey }: Telling): RecordItem[] {
	switch (event.type) {
		case "experiment-start": {
			const { name, device, threads, reason } = event.runtime;
			return [
				{ kind: "environment", environment: { ...host, runtime: name, device, threads, runtimeReason: reason } },
				{ kind: "log", level: "info", message: `Runs on ${name}, ${device}, with ${threads} threads: ${reason}.` },
			];
		}
		case "stage-start":
			if (trainings.includes(event.stage)) return [];
			return [{ kind: "stage", name: event.stage, key: null, reused: false }];
		case "attack-end":
			return [{ kind: "attack", attack: event }];
		case "train-step":
			return trainingPoints(event);
		case "probe-end": {
			const { step, steps, row, evaluation } = event;
			const stage = row.model;
			return [
				...probePoints(row, step),
				{ kind: "evaluation", step, steps, stageKey: stageKey(stage), row, evaluation },
			];
		}
		case "evaluation-end": {
			const { row, evaluation } = event;
			return [{ kind: "evaluation", step: null, stageKey: stageKey(row.model), row, evaluation }];
		}
		case "filter-end":
			return [{ kind: "defense-report", report: event }];
		default:
			return [];
	}
}

function trainingPoints({ stage, step, loss, learningRate, logitScale, gradientNorm }: TrainStepEvent): RecordItem[] {
	return pointsOf(stage, step, { loss, learningRate, logitScale, gradientNorm });
}

function probePoints({ model, hitAt10, minRank, imageRetrievalAt10, textRetrievalAt10 }: Row, step: number) {
	return pointsOf(model, step, {
		"hit@10": hitAt10,
		minRank,
		"imageRecall@10": imageRetrievalAt10,
		"textRecall@10": textRetrievalAt10,
	});
}

function pointsOf(stage: string, step: number, values: Readonly<Record<string, number>>): RecordItem[] {
	return Object.entries(values).map(([name, value]) => ({
		kind: "metric-point",
		key: `${stage}/${name}`,
		step,
		value,
	}));
}

/** The stages an experiment trains, in order: each defense ends in a trained model. */
export function trainingsOf(config: ExperimentConfig): string[] {
	return ["clean", "poisoned", ...config.defenses.map(({ name }) => defenses[name].outcome)];
}
