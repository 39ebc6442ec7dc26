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
import { type CSSProperties, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { Pages } from "../graphql/use-pages.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { orders } from "./columns.tsx";
import css from "./runs.module.css";
import type { RunRow } from "./runs-query.ts";
import { selectedTo, toggled } from "./selection.ts";

interface TableProps {
	readonly pages: Pages<RunRow>;
	readonly columns: ColumnDef<RunRow>[];
	readonly visibility: VisibilityState;
	readonly selected: readonly string[];
	readonly select: (numbers: readonly string[]) => void;
	/** Number of the run that is shown in short beside the table; empty for none. */
	readonly peeked: string;
	readonly peek: (number: string | null) => void;
	readonly baseline: string;
	readonly setBaseline: (number: string | null) => void;
	/** Name of the order and its direction, such as "hit" and "hit-asc"; empty for the newest first. */
	readonly order: string;
	readonly setOrder: (order: string | null) => void;
}

/** Pixels; the style sheet has the same. */
const rowHeight = 36;

const isNumeric = (column: ColumnDef<RunRow>) => (column.meta as { isNumber?: boolean } | undefined)?.isNumber === true;

export function RunsTable({
	pages,
	columns,
	visibility,
	selected,
	select,
	peeked,
	peek,
	baseline,
	setBaseline,
	order,
	setOrder,
}: TableProps) {
	const router = useRouter();
	const scroller = useRef<HTMLDivElement>(null);
	const { rows: data, more, total } = pages;
	const numbers = useMemo(() => data.map(({ number }) => String(number)), [data]);
	const [moved, setAt] = useState<number | null>(null);
	const at = moved ?? numbers.indexOf(peeked);
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
		if (peeked !== "") peek(numbers[next] ?? null);
	};
	const toggle = (number: string, isRange: boolean) =>
		select(isRange ? selectedTo(selected, number, numbers) : toggled(selected, number));
	const current = rows[at]?.original;
	useShortcuts([
		{ keys: "j", does: "Next run", run: () => go(1) },
		{ keys: "k", does: "Run before", run: () => go(-1) },
		{ keys: "o", does: "Open the run", run: () => current && router.push(`/run?n=${current.number}`) },
		{ keys: "x", does: "Select the run", run: () => current && toggle(String(current.number), false) },
		{ keys: "X", does: "Select up to the run", run: () => current && toggle(String(current.number), true) },
		{
			keys: "p",
			does: "Peek at the run",
			run: () => peek(peeked === "" && current ? String(current.number) : null),
		},
		{ keys: "Escape", does: "Close the peek", run: () => peek(null) },
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
								<Head
									key={header.id}
									column={header.id}
									isNumber={isNumeric(header.column.columnDef)}
									order={order}
									setOrder={setOrder}
								>
									{flexRender(header.column.columnDef.header, header.getContext())}
								</Head>
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
								data-peeked={number === peeked}
								style={{ transform: `translateY(${start}px)` }}
								onClick={({ target }) => {
									if (target instanceof Element && target.closest("a, button, input")) return;
									setAt(index);
									peek(number);
								}}
							>
								<td>
									<input
										type="checkbox"
										checked={selected.includes(number)}
										onChange={({ nativeEvent }) =>
											toggle(number, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
										}
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

interface HeadProps {
	readonly column: string;
	readonly isNumber: boolean;
	readonly order: string;
	readonly setOrder: (order: string | null) => void;
	readonly children: ReactNode;
}

/** A column's title; where the server can order by it, a button that does, then turns it round, then lets go of it. */
function Head({ column, isNumber, order, setOrder, children }: HeadProps) {
	const [name] = Object.entries(orders).find(([, one]) => one.column === column) ?? [];
	if (name === undefined)
		return (
			<th scope="col" data-number={isNumber}>
				{children}
			</th>
		);
	const direction = order === name ? "descending" : order === `${name}-asc` ? "ascending" : "none";
	return (
		<th scope="col" data-number={isNumber} aria-sort={direction}>
			<button
				type="button"
				className={css.sort}
				onClick={() => setOrder(direction === "none" ? name : direction === "descending" ? `${name}-asc` : null)}
			>
				{children}
				<span aria-hidden="true">{{ descending: " ↓", ascending: " ↑", none: "" }[direction]}</span>
			</button>
		</th>
	);
}
