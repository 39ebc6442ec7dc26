/** Jobs: the cells of any number of studies, joined where they train the same models. */
import { type ExperimentConfig, parseExperiment, stageKey } from "@mithridate/engine";
import type { Cell, Observation, StudyDefinition, StudySetting } from "../contract.ts";
import { defenseText, type Record } from "./record.ts";

/** What decides a configuration's numbers besides itself. */
export interface Identity {
	readonly dataset: string;
	readonly start: string;
	readonly reference: string;
}

/** One experiment to run for some seeds; it serves every cell that shares its attack and training. */
export interface Job {
	/** Content address: the same work has the same key, whatever study asks for it. */
	readonly key: string;
	/** With the defenses and the measurements within training of all its cells, and the seeds of all. */
	readonly config: ExperimentConfig;
	/** Models whose measurements within training are needed. */
	readonly curves: ReadonlySet<string>;
	readonly identity: Identity;
}

/** A cell of a study and the job that serves it. */
export interface PlacedCell {
	readonly study: string;
	readonly cell: Cell;
	readonly seeds: readonly number[];
	readonly key: string;
	/** JSON texts of its defenses. */
	readonly defenses: readonly string[];
}

export interface Plan {
	/** In the order the studies first need them. */
	readonly jobs: readonly Job[];
	readonly cells: readonly PlacedCell[];
}

/** Joins the cells of studies. `identify` looks at data set and checkpoints, once for every pair of them. */
export async function planJobs(
	studies: readonly StudyDefinition[],
	setting: StudySetting,
	identify: (config: ExperimentConfig) => Promise<Identity>,
): Promise<Plan> {
	const jobs = new Map<string, Job>();
	const cells: PlacedCell[] = [];
	for (const study of studies)
		for (const cell of study.cells(setting)) {
			const seeds = cell.seeds ?? setting.seeds;
			const config = parseExperiment({ ...cell.config, seeds: [...seeds] });
			const identity = await identify(config);
			const key = jobKey(config, identity);
			jobs.set(key, joined(jobs.get(key), { key, config, curves: new Set(cell.curves), identity }));
			cells.push({ study: study.name, cell, seeds, key, defenses: config.defenses.map(defenseText) });
		}
	return { jobs: [...jobs.values()], cells };
}

/** Defenses, seeds, threads and measurements within training do not change what the other models come out as. */
function jobKey(config: ExperimentConfig, identity: Identity): string {
	const { dataset, attack, training, evaluation, runtime } = config;
	const { runtime: engine, device } = runtime;
	const { cutoffs } = evaluation;
	return stageKey({ dataset, attack, training, cutoffs, engine, device, identity });
}

function joined(before: Job | undefined, after: Job): Job {
	if (before === undefined) return after;
	const known = new Set(before.config.defenses.map(defenseText));
	const probes = Math.max(before.config.evaluation.probes, after.config.evaluation.probes);
	return {
		...before,
		config: {
			...before.config,
			defenses: [
				...before.config.defenses,
				...after.config.defenses.filter((defense) => !known.has(defenseText(defense))),
			],
			evaluation: { ...before.config.evaluation, probes },
			seeds: [...new Set([...before.config.seeds, ...after.config.seeds])],
		},
		curves: new Set([...before.curves, ...after.curves]),
	};
}

type Served = Omit<PlacedCell, "cell"> & { readonly cell: Pick<Cell, "name" | "coordinates"> };

/** The observations of a study, from the records of its cells' jobs. */
export function observationsOf(
	study: string,
	{ cells }: { readonly cells: readonly Served[] },
	recordsOf: (key: string) => readonly Record[],
): Observation[] {
	return cells
		.filter((placed) => placed.study === study)
		.flatMap(({ cell, key, seeds, defenses }) =>
			recordsOf(key)
				.filter(({ seed, defense }) => seeds.includes(seed) && (defense === null || defenses.includes(defense)))
				.map(({ defense: _, made: __, ...record }) => ({ cell: cell.name, coordinates: cell.coordinates, ...record })),
		);
}
