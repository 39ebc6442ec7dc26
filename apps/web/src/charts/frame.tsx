"use client";
/** What surrounds every chart: title, what it says in words, how many points there are, copies, and its table. */
import { type ReactNode, useRef, useState } from "react";
import { IconButton } from "../ui/button.tsx";
import type { ChartTable } from "./chart-table.ts";
import css from "./charts.module.css";
import { toSvg } from "./export.ts";
import { ExportMenu } from "./export-menu.tsx";
import type { Operation } from "./operation.ts";
import { TableView } from "./table-view.tsx";

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
