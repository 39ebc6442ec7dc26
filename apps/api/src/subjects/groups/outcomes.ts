/** Results of repetitions, condensed to a mean and an interval for every model and number. */

import { interval } from "@mithridate/studies";
import type { GroupOutcome } from "../studies/study.type.ts";

/** A row of a run's result table. */
export interface OutcomeRow {
	readonly runId: string;
	readonly model: string;
	readonly hitAt1: number;
	readonly hitAt5: number;
	readonly hitAt10: number;
	readonly minRank: number;
	readonly textRetrievalAt10: number;
	readonly imageRetrievalAt10: number;
	readonly seconds: number;
}

const metrics = [
	"hitAt1",
	"hitAt5",
	"hitAt10",
	"minRank",
	"textRetrievalAt10",
	"imageRetrievalAt10",
	"seconds",
] as const satisfies readonly (keyof OutcomeRow)[];

/** Every model's numbers over repetitions, in the order the models were made. */
export function groupOutcomes(rows: readonly OutcomeRow[]): GroupOutcome[] {
	const byModel = Map.groupBy(rows, ({ model }) => model);
	return [...byModel].flatMap(([model, repetitions]) =>
		metrics.map((metric) => ({ model, metric, ...interval(repetitions.map((row) => row[metric])) })),
	);
}
