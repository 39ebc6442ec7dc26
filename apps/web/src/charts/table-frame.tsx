/** What surrounds every table: its title, what its numbers are, and its copies. */
import { type ReactNode, useId } from "react";
import type { ChartTable } from "./chart-table.ts";
import css from "./charts.module.css";
import { ExportMenu } from "./export-menu.tsx";
import type { Operation } from "./operation.ts";

interface TableFrameProps {
	readonly title: string;
	/** The title is read out only, where a heading above says it already. */
	readonly isTitleHidden?: boolean;
	readonly note?: string | undefined;
	readonly table: () => ChartTable;
	readonly operation?: Operation | undefined;
	/** Stands beside the menu. */
	readonly controls?: ReactNode;
	readonly children: ReactNode;
}

export function TableFrame({ title, isTitleHidden, note, table, operation, controls, children }: TableFrameProps) {
	const id = useId();
	return (
		<section className={css.tableFrame} aria-labelledby={id}>
			<div className={css.head}>
				<h2 id={id} className={isTitleHidden ? "visually-hidden" : undefined}>
					{title}
				</h2>
				{controls}
				<ExportMenu title={title} table={table} operation={operation} />
			</div>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
			<section className={css.scroll} tabIndex={0} aria-label={`${title}: table`}>
				{children}
			</section>
			{note && <p className={css.caption}>{note}</p>}
		</section>
	);
}
