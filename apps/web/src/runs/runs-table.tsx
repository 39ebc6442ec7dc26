"use client";
/** The run table: only the rows in view are drawn, the rest is loaded as it comes near. */
import {
	type ColumnDef,
	flexRender,
	getCoreRowModel,
	useReactTable,
	type VisibilityState,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRouter } from "next/navigation";
import { type CSSProperties, useEffect, useRef, useState } from "react";
import { useShortcuts } from "../shell/shortcuts.ts";
import css from "./runs.module.css";
import type { RunRow } from "./runs-query.ts";
import type { Pages } from "./use-pages.ts";

interface TableProps {
	readonly pages: Pages<RunRow>;
	readonly columns: ColumnDef<RunRow>[];
	readonly visibility: VisibilityState;
	readonly selected: readonly string[];
	readonly toggle: (number: string) => void;
	readonly baseline: string;
	readonly setBaseline: (number: string | null) => void;
}

/** Pixels; the style sheet has the same. */
const rowHeight = 36;

const isNumeric = (column: ColumnDef<RunRow>) => (column.meta as { isNumber?: boolean } | undefined)?.isNumber === true;

export function RunsTable({ pages, columns, visibility, selected, toggle, baseline, setBaseline }: TableProps) {
	const router = useRouter();
	const scroller = useRef<HTMLDivElement>(null);
	const [at, setAt] = useState(-1);
	const { rows: data, more, total } = pages;
	const table = useReactTable({
		data: data as RunRow[],
		columns,
		state: { columnVisibility: visibility },
		getCoreRowModel: getCoreRowModel(),
		getRowId: ({ id }) => id,
	});
	const { rows } = table.getRowModel();
	const virtual = useVirtualizer({
		count: rows.length,
		getScrollElement: () => scroller.current,
		estimateSize: () => rowHeight,
		overscan: 24,
	});
	const items = virtual.getVirtualItems();
	const last = items.at(-1)?.index ?? 0;
	useEffect(() => {
		if (last >= rows.length - 40) more();
	}, [last, rows.length, more]);

	const go = (by: number) => {
		const next = Math.min(rows.length - 1, Math.max(0, at + by));
		setAt(next);
		virtual.scrollToIndex(next);
	};
	const current = rows[at]?.original;
	useShortcuts([
		{ keys: "j", does: "Next run", run: () => go(1) },
		{ keys: "k", does: "Run before", run: () => go(-1) },
		{ keys: "o", does: "Open the run", run: () => current && router.push(`/run?n=${current.number}`) },
		{ keys: "x", does: "Select the run", run: () => current && toggle(String(current.number)) },
		{
			keys: "b",
			does: "Compare all with this run",
			run: () => current && setBaseline(baseline === String(current.number) ? null : String(current.number)),
		},
	]);

	const template = [
		"36px",
		...table
			.getVisibleLeafColumns()
			.map((column) => (column.id === "name" ? `minmax(${column.getSize()}px, 1fr)` : `${column.getSize()}px`)),
	].join(" ");
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
		<section ref={scroller} className={css.scroller} tabIndex={0} aria-label="Runs">
			<table
				aria-rowcount={total ?? rows.length}
				className={css.table}
				style={{ "--columns": template } as CSSProperties}
			>
				<thead className={css.head}>
					{table.getHeaderGroups().map((group) => (
						<tr key={group.id} className={css.row}>
							<th scope="col">
								<span className="visually-hidden">Selected</span>
							</th>
							{group.headers.map((header) => (
								<th scope="col" key={header.id} data-number={isNumeric(header.column.columnDef)}>
									{flexRender(header.column.columnDef.header, header.getContext())}
								</th>
							))}
						</tr>
					))}
				</thead>
				<tbody className={css.body} style={{ height: virtual.getTotalSize() }}>
					{items.map(({ index, start }) => {
						const row = rows[index]!;
						const number = String(row.original.number);
						return (
							<tr
								key={row.id}
								aria-rowindex={index + 2}
								className={css.row}
								data-current={index === at}
								data-baseline={number === baseline}
								style={{ transform: `translateY(${start}px)` }}
							>
								<td>
									<input
										type="checkbox"
										checked={selected.includes(number)}
										onChange={() => toggle(number)}
										aria-label={`Select run ${number}`}
									/>
								</td>
								{row.getVisibleCells().map((cell) => (
									<td key={cell.id} data-number={isNumeric(cell.column.columnDef)}>
										{flexRender(cell.column.columnDef.cell, cell.getContext())}
									</td>
								))}
							</tr>
						);
					})}
				</tbody>
			</table>
		</section>
	);
}
