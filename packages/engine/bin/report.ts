/** Results for people and files: the table on the terminal, JSON and CSV in the output folder. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import Table from "cli-table3";
import { stringify } from "csv-stringify/sync";
import type { ExperimentEnd, ExperimentEvent, ResultRow } from "../src/index.ts";

type Measure = Exclude<keyof ResultRow, "model" | "seed">;

const columns: readonly { readonly head: string; readonly measure: Measure; readonly digits: number }[] = [
	{ head: "Hit@1", measure: "hitAt1", digits: 3 },
	{ head: "Hit@5", measure: "hitAt5", digits: 3 },
	{ head: "Hit@10", measure: "hitAt10", digits: 3 },
	{ head: "MinRank", measure: "minRank", digits: 2 },
	{ head: "TR Hit@10", measure: "textRetrievalAt10", digits: 3 },
	{ head: "IR Hit@10", measure: "imageRetrievalAt10", digits: 3 },
	{ head: "seconds", measure: "seconds", digits: 1 },
];

/** Mean over seeds, with the half-range beside it when there are several. */
function cell(values: readonly number[], digits: number): string {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	if (values.length === 1) return mean.toFixed(digits);
	return `${mean.toFixed(digits)} ±${((Math.max(...values) - Math.min(...values)) / 2).toFixed(digits)}`;
}

/** The table of the paper's questions: one line per model, averaged over seeds. */
export function resultTable(end: ExperimentEnd): string {
	const models = [...new Set(end.rows.map((row) => row.model))];
	const table = new Table({
		head: ["model", ...columns.map((column) => column.head)],
		style: { head: [], border: [] },
	});
	for (const model of models) {
		const rows = end.rows.filter((row) => row.model === model);
		table.push([
			model,
			...columns.map(({ measure, digits }) =>
				cell(
					rows.map((row) => row[measure]),
					digits,
				),
			),
		]);
	}
	const seeds = new Set(end.rows.map((row) => row.seed)).size;
	const filter = end.filter
		? `Filter: AUROC ${end.filter.auroc?.toFixed(4) ?? "-"}, ${cell([end.filter.kept], 0)} samples kept, ${cell([end.filter.poisonLeft], seeds === 1 ? 0 : 1)} poisoned ones among them${seeds === 1 ? "" : " on average"}.\n`
		: "";
	return `${table.toString()}\n${(100 * end.poisonShare).toFixed(2)} % of the pairs poisoned; Hit@K and MinRank (zero-based, mean) of class-A captions on class-B images; ${seeds === 1 ? "one seed" : `mean of ${seeds} seeds ± half their range`}.\n${filter}${end.seconds.toFixed(1)} s, ${(end.peakMemoryBytes / 1e9).toFixed(2)} GB at most.`;
}

/** Writes results.json, results.csv and events.jsonl into an existing folder. */
export async function writeResults(
	folder: string,
	end: ExperimentEnd,
	events: readonly ExperimentEvent[],
): Promise<void> {
	await writeFile(join(folder, "results.json"), `${JSON.stringify(end, null, "\t")}\n`);
	await writeFile(join(folder, "results.csv"), stringify([...end.rows], { header: true }));
	await writeFile(join(folder, "events.jsonl"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}
