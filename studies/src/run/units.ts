/** Units of work: one seed of one job. Who may run at the same time without training the same model twice. */
import { type ExperimentConfig, stageKey } from "@mithridate/engine";
import type { Job } from "./jobs.ts";
import { DEFENSELESS, defenseText, type Record } from "./record.ts";

/** One seed of a job, and what of it is left to do. Plain data: it can be sent to another process. */
export interface Unit {
	/** The job's content address. */
	readonly key: string;
	/** With this seed alone, and the defenses that were not measured yet. */
	readonly config: ExperimentConfig;
	/** Models to be measured: base, clean, poisoned and the names of defenses. */
	readonly models: readonly string[];
	/** Models measured within their training. */
	readonly curves: readonly string[];
	/** Stages that are trained even where a finished model is known: measurements within their training are missing. */
	readonly unmeasured: readonly string[];
	/** Units with the same one train the same clean model. */
	readonly clean: string;
}

/** What the records of a job leave to do, by seed; empty when they cover all. */
export function unitsOf({ key, config, curves, identity }: Job, records: readonly Record[]): Unit[] {
	const { dataset, training } = config;
	return config.seeds.flatMap((seed) => {
		const own = records.filter((record) => record.seed === seed);
		const has = (model: string, defense: string | null) => {
			const found = own.filter((record) => record.defense === defense && (defense !== null || record.model === model));
			const isWhole = found.some(({ step }) => step === null);
			const name = found[0]?.model ?? model;
			return isWhole && (!curves.has(name) || found.some(({ step }) => step !== null));
		};
		const defenses = config.defenses.filter((defense) => !has("", defenseText(defense)));
		if (defenses.length === 0 && DEFENSELESS.every((model) => has(model, null))) return [];
		return {
			key,
			config: { ...config, seeds: [seed], defenses },
			models: [...DEFENSELESS, ...defenses.map(({ name }) => name)],
			curves: [...curves],
			unmeasured: [...curves].filter((name) => !own.some(({ model, step }) => model === name && step !== null)),
			clean: stageKey({ dataset, training, identity, seed }),
		};
	});
}

/**
 * Hands out units in their order. The first one that trains a clean model runs without others that need the same model:
 * these find it finished. Who measures within that training has to train it in any case, and so goes first.
 */
export function createSchedule(units: readonly Unit[]) {
	const waiting = [...units];
	const known = new Set<string>();
	const busy = new Set<string>();
	return {
		/** The next unit that may begin now; null where all that is left must wait, or nothing is left. */
		next(): Unit | null {
			const at = waiting.findIndex(({ clean }) => !busy.has(clean));
			if (at < 0) return null;
			const { clean } = waiting[at]!;
			const measuring = waiting.findIndex((unit) => unit.clean === clean && unit.unmeasured.includes("clean"));
			const [unit] = waiting.splice(measuring < 0 ? at : measuring, 1) as [Unit];
			if (!known.has(unit.clean)) busy.add(unit.clean);
			return unit;
		},
		finish({ clean }: Unit): void {
			known.add(clean);
			busy.delete(clean);
		},
	};
}
