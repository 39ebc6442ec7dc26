/** Tables of numbers over seeds with the published ones beside them. */
import type { Observation, Published } from "../contract.ts";
import { overSeeds, type Place, type Reading } from "../readings.ts";
import type { Measured, Quantity, Table } from "./figure.ts";

export interface Column extends Quantity {
	readonly name: string;
	readonly reading: Reading;
}

/** A model of a cell; readings by column name replace the column's own. */
export interface Row extends Place {
	readonly name: string;
	readonly title: string;
	readonly readings?: Readonly<Record<string, Reading>>;
	/** The published row that stands here, where its name is another. */
	readonly publishedAs?: string;
}

/** One line for each row; published numbers stand where row and column have their names. */
export function table(
	observations: readonly Observation[],
	{
		rows,
		columns,
		published = [],
	}: { readonly rows: readonly Row[]; readonly columns: readonly Column[]; readonly published?: readonly Published[] },
): Table {
	return {
		kind: "table",
		columns: columns.map(({ reading: _, ...column }) => column),
		rows: rows.map((row) => ({
			name: row.name,
			title: row.title,
			values: columns.map((column) => ({
				measured: overSeeds(observations, row, row.readings?.[column.name] ?? column.reading),
				published: publishedAt(published, row.publishedAs ?? row.name, column.name),
			})),
		})),
	};
}

/** What the paper gives for a place, by data set. */
function publishedAt(published: readonly Published[], row: string, column: string): Measured["published"] {
	const here = published.filter((one) => one.row === row && one.column === column);
	return Object.fromEntries(here.map(({ dataset, value }) => [dataset, value]));
}

/** A paper's table as a list: one line per row, values parallel to the columns. */
export function publishedTable(
	dataset: Published["dataset"],
	columns: readonly string[],
	rows: Readonly<Record<string, readonly number[]>>,
): Published[] {
	return Object.entries(rows).flatMap(([row, values]) =>
		columns.map((column, at) => ({ dataset, row, column, value: values[at] as number })),
	);
}
