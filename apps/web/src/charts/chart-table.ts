/** What a chart or a table holds, as rows: what its table view shows, and its CSV file. */

export interface ChartTable {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly (string | number | null)[])[];
}
