"use client";
/** What surrounds every list of things: its title, its copies, and the same as a table. */
import { type ReactNode, useId, useState } from "react";
import { IconButton } from "../ui/button.tsx";
import type { ChartTable } from "./chart-table.ts";
import css from "./charts.module.css";
import { ExportMenu } from "./export-menu.tsx";
import type { Operation } from "./operation.ts";
import { TableView } from "./table-view.tsx";

interface ListFrameProps {
	readonly title: string;
	/** The title is read out only, where a heading above says it already. */
	readonly isTitleHidden?: boolean;
	readonly table: () => ChartTable;
	readonly operation: Operation;
	/** Stands before the menu. */
	readonly controls?: ReactNode;
	readonly children: ReactNode;
}

export function ListFrame({ title, isTitleHidden, table, operation, controls, children }: ListFrameProps) {
	const id = useId();
	const [isTable, setTable] = useState(false);
	return (
		<section className={css.tableFrame} aria-labelledby={id}>
			<div className={css.head}>
				<h2 id={id} className={isTitleHidden ? "visually-hidden" : undefined}>
					{title}
				</h2>
				{controls}
				<div className={css.actions}>
					<IconButton
						label={isTable ? `View ${title} as list` : `View ${title} as table`}
						icon={isTable ? "rows" : "table"}
						aria-pressed={isTable}
						onClick={() => setTable(!isTable)}
					/>
					<ExportMenu title={title} table={table} operation={operation} />
				</div>
			</div>
			{isTable ? <TableView title={title} {...table()} /> : children}
		</section>
	);
}
