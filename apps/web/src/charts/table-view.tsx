"use client";
/** What a chart or a list holds, row by row. */
import { formatNumber } from "../ui/format.ts";
import type { ChartTable } from "./chart-table.ts";
import css from "./charts.module.css";

/** Rows that are shown; the CSV file has all of them. */
const shownRows = 200;

export function TableView({ title, columns, rows }: ChartTable & { readonly title: string }) {
	const shown = rows.slice(-shownRows);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
		<section className={css.table} tabIndex={0} aria-label={`${title} as a table`}>
			<table>
				<thead>
					<tr>
						{columns.map((column) => (
							<th key={column} scope="col">
								{column}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{shown.map((row, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: rows have no name, and never change places.
						<tr key={index}>
							{row.map((cell, at) => (
								<td key={columns[at]}>{typeof cell === "number" ? formatNumber(cell) : (cell ?? "–")}</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
			{shown.length < rows.length && (
				<p className={css.method}>
					The last {shown.length} of {rows.length} rows; the CSV file has all.
				</p>
			)}
		</section>
	);
}
