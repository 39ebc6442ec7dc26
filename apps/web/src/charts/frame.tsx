"use client";
/** What surrounds every chart: title, what it says in words, how many points there are, copies, and its table. */
import { type ReactNode, useRef, useState } from "react";
import { IconButton } from "../ui/button.tsx";
import { formatNumber } from "../ui/format.ts";
import type { ChartTable } from "./chart-table.ts";
import css from "./charts.module.css";
import { toSvg } from "./export.ts";
import { ExportMenu } from "./export-menu.tsx";
import type { Operation } from "./operation.ts";

interface FrameProps {
	readonly title: string;
	/** The chart in a sentence, for those who do not see it and for those in a hurry. */
	readonly summary: string;
	/** How many points exist, and how those drawn were chosen. */
	readonly method?: string | undefined;
	/** What is drawn as a table; made only when it is asked for. */
	readonly table: () => ChartTable;
	/** The operation that gives these numbers, where it is another than the page's. */
	readonly operation?: Operation | undefined;
	/** The drawing as SVG, where it is a canvas. */
	readonly svg?: () => string;
	readonly children: ReactNode;
}

/** Rows of the table view; the CSV file has all of them. */
const shownRows = 200;

export function ChartFrame({ title, summary, method, table, operation, svg, children }: FrameProps) {
	const figure = useRef<HTMLElement>(null);
	const [isTable, setTable] = useState(false);
	const drawing = () => {
		if (isTable) return null;
		const drawn = figure.current?.querySelector<SVGSVGElement>("svg[data-chart]");
		return svg?.() ?? (drawn ? toSvg(drawn) : null);
	};
	return (
		<figure ref={figure} className={css.frame}>
			<div className={css.head}>
				<h3>{title}</h3>
				<div className={css.actions}>
					<IconButton
						label={isTable ? "View as chart" : "View as table"}
						icon={isTable ? "chart" : "table"}
						aria-pressed={isTable}
						onClick={() => setTable(!isTable)}
					/>
					<ExportMenu title={title} table={table} operation={operation} svg={drawing} />
				</div>
			</div>
			{isTable && <TableView title={title} {...table()} />}
			<div hidden={isTable}>{children}</div>
			<figcaption className={css.caption}>
				<span>{summary}</span>
				{method && <span className={css.method}>{method}</span>}
			</figcaption>
		</figure>
	);
}

function TableView({ title, columns, rows }: ChartTable & { readonly title: string }) {
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
