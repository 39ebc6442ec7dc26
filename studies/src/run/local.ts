/** Runs jobs in this process: stages that are known are taken over, records go into journals as they come. */
import {
	type ExperimentConfig,
	type ExperimentEvent,
	type ExperimentIo,
	runExperiment,
	type StageStore,
} from "@mithridate/engine";
import type { Job } from "./jobs.ts";
import { type Journal, openJournal } from "./journal.ts";
import { createRecorder, DEFENSELESS, defenseText, type Record } from "./record.ts";

/** What running needs from outside. */
export interface LocalIo extends Omit<ExperimentIo, "checkpointEvery" | "recordDataset"> {
	/** Folder of the journals. */
	readonly journals: string;
	/** Goes into every record. */
	readonly codeVersion?: string | undefined;
}

export type StudyEvent =
	/** Work that is left: models to be measured, over all jobs. */
	| { readonly type: "plan"; readonly jobs: number; readonly models: number }
	| { readonly type: "job-start"; readonly key: string; readonly models: number }
	/** What the engine tells of the job at hand. */
	| { readonly type: "experiment"; readonly key: string; readonly event: ExperimentEvent }
	| { readonly type: "record"; readonly key: string; readonly record: Record };

/** Runs what the journals lack, job after job. The same call goes on after a stop. */
export async function* runJobs(jobs: readonly Job[], io: LocalIo): AsyncGenerator<StudyEvent, void> {
	const open = await Promise.all(jobs.map(async (job) => ({ job, journal: await openJournal(io.journals, job.key) })));
	const left = open
		.map(({ job, journal }) => ({ job, journal, config: missing(job, journal.records) }))
		.filter((one): one is typeof one & { config: ExperimentConfig } => one.config !== null);
	yield { type: "plan", jobs: left.length, models: left.reduce((sum, { config }) => sum + modelsOf(config), 0) };
	for (const { job, journal, config } of left) {
		const { key } = job;
		yield { type: "job-start", key, models: modelsOf(config) };
		const record = createRecorder(config.defenses, io.codeVersion);
		const measured = { seed: Number.NaN };
		const stages = measuredStages(io.stages, { job, journal, measured });
		for await (const event of runExperiment(config, { ...io, stages })) {
			if (event.type === "stage-start") measured.seed = event.seed;
			yield { type: "experiment", key, event };
			for (const made of record(event)) {
				await journal.append(made);
				yield { type: "record", key, record: made };
			}
		}
	}
}

const modelsOf = ({ seeds, defenses }: ExperimentConfig) => seeds.length * (DEFENSELESS.length + defenses.length);

/** The part of a job that its records do not cover; null when they cover all. */
export function missing({ config, curves }: Job, records: readonly Record[]): ExperimentConfig | null {
	const seeds = config.seeds.filter((seed) => lacks({ config, curves }, records, seed).any);
	if (seeds.length === 0) return null;
	const lacking = new Set(seeds.flatMap((seed) => lacks({ config, curves }, records, seed).defenses));
	return { ...config, seeds, defenses: config.defenses.filter((defense) => lacking.has(defenseText(defense))) };
}

function lacks({ config, curves }: Pick<Job, "config" | "curves">, records: readonly Record[], seed: number) {
	const own = records.filter((record) => record.seed === seed);
	const has = (model: string, defense: string | null) => {
		const found = own.filter((record) => record.defense === defense && (defense !== null || record.model === model));
		const isWhole = found.some(({ step }) => step === null);
		const name = found[0]?.model ?? model;
		return isWhole && (!curves.has(name) || found.some(({ step }) => step !== null));
	};
	const defenses = config.defenses.map(defenseText).filter((defense) => !has("", defense));
	return { defenses, any: defenses.length > 0 || DEFENSELESS.some((model) => !has(model, null)) };
}

/** Hides finished stages whose measurements within training are wanted and were never made: they are trained again. */
function measuredStages(
	stages: StageStore,
	{ job, journal, measured }: { job: Job; journal: Journal; measured: { readonly seed: number } },
): StageStore {
	const isUnmeasured = (name: string) =>
		job.curves.has(name) &&
		!journal.records.some(({ seed, model, step }) => seed === measured.seed && model === name && step !== null);
	return {
		...stages,
		model: (stage) => (isUnmeasured(stage.name) ? Promise.resolve(null) : stages.model(stage)),
		state: (stage) => (isUnmeasured(stage.name) ? Promise.resolve(null) : stages.state(stage)),
	};
}
