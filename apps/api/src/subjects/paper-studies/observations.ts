/** The rows of a study as the observations that its views and claims are functions of. */
import {
	type Database,
	type EvaluationNumbers,
	evaluationNumbers,
	evaluationsOfStudy,
	reportsOfStudy,
	type Study,
	type StudyReport,
} from "@mithridate/db";
import { defenses } from "@mithridate/engine";
import { type Cell, type Observation, type StudySetting, studyNamed } from "@mithridate/studies";
import { LRUCache } from "lru-cache";

type Db = Database["db"];

/** Bins of a score histogram as studies draw it; those stored are a multiple. */
const BINS = 64;

/** Evaluations remembered, of about 3 kB each: several of the largest studies. */
const REMEMBERED = 20_000;

/** What evaluations measured never changes, so a study that is looked at again and again is parsed once. */
const remembered = new WeakMap<Db, LRUCache<string, EvaluationNumbers>>();

async function numbersOf(db: Db, ids: readonly string[]): Promise<(id: string) => EvaluationNumbers | undefined> {
	const cache = remembered.get(db) ?? new LRUCache<string, EvaluationNumbers>({ max: REMEMBERED });
	remembered.set(db, cache);
	const found = new Map<string, EvaluationNumbers>();
	for (const id of ids) {
		const known = cache.get(id);
		if (known) found.set(id, known);
	}
	const unknown = ids.filter((id) => !found.has(id));
	for (const row of await evaluationNumbers(db, unknown)) {
		cache.set(row.id, row);
		found.set(row.id, row);
	}
	return (id) => found.get(id);
}

/** The cells of the definition that a study was started from; none for other studies. */
export function cellsOfStudy({ definition, setting }: Pick<Study, "definition" | "setting">): readonly Cell[] {
	if (definition === null) return [];
	return studyNamed(definition)?.cells(setting as unknown as StudySetting) ?? [];
}

/** For each study all that was observed so far in its cells, in three statements each. */
export function observationsOfStudies(db: Db, studies: readonly Study[]): Promise<Observation[][]> {
	return Promise.all(studies.map((study) => observationsOf(db, study)));
}

async function observationsOf(db: Db, study: Study): Promise<Observation[]> {
	const [rows, reports] = await Promise.all([evaluationsOfStudy(db, study.id), reportsOfStudy(db, study.id)]);
	const numbers = await numbersOf(
		db,
		rows.map(({ id }) => id),
	);
	const coordinates = new Map(cellsOfStudy(study).map((cell) => [cell.name, cell.coordinates]));
	const reported = new Map(reports.map((report) => [placeOf({ ...report, model: outcomeOf(report) }), report]));
	return rows.flatMap(({ id, poisonShare, ...row }): Observation[] => {
		const measured = numbers(id);
		if (measured === undefined) return [];
		const report = row.step === null ? reported.get(placeOf(row)) : undefined;
		return [
			{
				...row,
				coordinates: coordinates.get(row.cell) ?? {},
				numbers: measured.numbers,
				goals: goalsOf(measured.goals),
				...(poisonShare !== null && { poisonShare }),
				...(report && { filter: filterOf(report) }),
			},
		];
	});
}

const placeOf = ({ cell, seed, model }: Pick<Observation, "cell" | "seed" | "model">) =>
	JSON.stringify([cell, seed, model]);

/** The model that a defense makes; one of another version stands for itself. */
const outcomeOf = ({ defense }: StudyReport) =>
	(defenses as Readonly<Record<string, { readonly outcome: string }>>)[defense]?.outcome ?? defense;

function goalsOf(goals: EvaluationNumbers["goals"]): NonNullable<Observation["goals"]> {
	return goals
		.filter(({ direction }) => direction === "text-to-image")
		.map(({ from, to, hits, randomHits, minRank }) => ({
			goal: `${from}2${to}`,
			hits,
			randomHits,
			minRank: minRank.mean,
		}));
}

function filterOf({ threshold, auroc, kept, removed, poisonLeft, cleanLost, histogram }: StudyReport) {
	const { minimum, maximum, clean, poisoned } = histogram;
	return {
		threshold,
		auroc,
		kept,
		removed,
		poisonLeft,
		cleanLost,
		histogram: { minimum, maximum, clean: coarser(clean), poisoned: coarser(poisoned) },
	};
}

/** Neighbouring bins summed up. */
function coarser(bins: readonly number[]): number[] {
	const width = Math.max(1, bins.length / BINS);
	return Array.from({ length: bins.length / width }, (_, at) =>
		bins.slice(at * width, (at + 1) * width).reduce((sum, count) => sum + count, 0),
	);
}
