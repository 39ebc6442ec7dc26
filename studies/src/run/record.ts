/** Records: what one run of the engine measured, kept apart from the cells of studies that it belongs to. */
import type { EvaluationEnd, ExperimentEvent, FilterEnd, ProbeEnd } from "@mithridate/engine";
import type { FilterObservation, GoalObservation, Observation } from "../contract.ts";

/** One measurement. Cells that want the same models share it. */
export interface Record extends Omit<Observation, "cell" | "coordinates"> {
	/** The defense that made the model, as the JSON text of its choice; null for base, clean and poisoned. */
	readonly defense: string | null;
	/** Version of the code and of the runtime it was measured with. */
	readonly made?: string | undefined;
}

const BINS = 64;

type Defenses = readonly { readonly name: string; readonly params: unknown }[];

/** The JSON text that tells one choice of a defense from another. */
export const defenseText = ({ name, params }: Defenses[number]) => JSON.stringify({ name, params });

/** What made a model: base, clean, poisoned, or a defense by its name. */
export function kindOf({ model, defense }: Pick<Record, "model" | "defense">): string {
	return defense === null ? model : (JSON.parse(defense) as Defenses[number]).name;
}

/**
 * Turns the events of one experiment into records, in order. A defense's record waits for the next event, since the
 * filter's report comes after the evaluation of what was trained on the rest.
 */
export function createRecorder(defenses: Defenses, codeVersion?: string): (event: ExperimentEvent) => Record[] {
	let made: string | undefined;
	let held: Record | null = null;
	let poisonShare: number | undefined;
	let next = 0;
	let stage = "";
	const release = () => {
		const released = held === null ? [] : [held];
		held = null;
		return released;
	};
	const recordOf = ({ row, evaluation }: EvaluationEnd | ProbeEnd): Record => {
		const isDefense = next > DEFENSELESS.length;
		const choice = isDefense ? defenses[next - DEFENSELESS.length - 1] : undefined;
		return {
			seed: row.seed,
			model: row.model,
			defense: choice === undefined ? null : defenseText(choice),
			step: null,
			steps: null,
			numbers: evaluation.numbers,
			goals: evaluation.goals.map(goalObservation),
			...(poisonShare !== undefined && { poisonShare }),
			...(made !== undefined && { made }),
		};
	};
	return (event) => {
		switch (event.type) {
			case "experiment-start": {
				const { name, device, versions } = event.runtime;
				const libraries = Object.entries(versions).map(([library, version]) => `${library} ${version}`);
				made = codeVersion && [codeVersion, `${name} on ${device}`, ...libraries].join(", ");
				return [];
			}
			case "attack-end":
				poisonShare = event.poisonShare;
				next = 0;
				return release();
			case "stage-start":
				stage = event.stage;
				next++;
				return release();
			case "probe-end":
				return [...release(), { ...recordOf(event), model: stage, step: event.step, steps: event.steps }];
			case "evaluation-end":
				held = recordOf(event);
				return [];
			case "filter-end":
				if (held !== null) held = { ...held, filter: filterObservation(event) };
				return release();
			default:
				return event.type === "progress" || event.type === "train-step" ? [] : release();
		}
	};
}

/** The models of every experiment, in the order they are made, before those of its defenses. */
export const DEFENSELESS = ["base", "clean", "poisoned"] as const;

function goalObservation({ from, to, directions }: EvaluationEnd["evaluation"]["goals"][number]): GoalObservation {
	const { attack, random } = directions["text-to-image"];
	return { goal: `${from}2${to}`, hits: attack.hits, randomHits: random.hits, minRank: attack.minRank.mean };
}

function filterObservation({ threshold, detection, scores }: FilterEnd): FilterObservation {
	const { auroc, kept, removed, poisonLeft, cleanLost } = detection;
	return { threshold, auroc, kept, removed, poisonLeft, cleanLost, histogram: histogramOf(scores) };
}

/** Counts of scores in bins of equal width between the lowest and the highest. */
function histogramOf(scores: FilterEnd["scores"]): FilterObservation["histogram"] {
	const minimum = scores.reduce((least, { score }) => Math.min(least, score), scores[0]?.score ?? 0);
	const maximum = scores.reduce((most, { score }) => Math.max(most, score), scores[0]?.score ?? 0);
	const clean = new Array<number>(BINS).fill(0);
	const poisoned = new Array<number>(BINS).fill(0);
	for (const pair of scores) {
		const share = maximum === minimum ? 0 : (pair.score - minimum) / (maximum - minimum);
		(pair.poisoned ? poisoned : clean)[Math.min(BINS - 1, Math.floor(share * BINS))]! += 1;
	}
	return { minimum, maximum, clean, poisoned };
}
