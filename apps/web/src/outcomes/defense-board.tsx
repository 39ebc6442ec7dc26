"use client";
/** Before and after: clean, attacked and every defended model in columns, over the same seeds. */
import { useMemo } from "react";
import { TableFrame } from "../charts/table-frame.tsx";
import { formatDuration, formatRank, formatShare } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { modelStyle } from "../ui/models.ts";
import { type BoardColumn, type BoardRun, boardOf, type Measure } from "./board.ts";
import css from "./outcomes.module.css";
import type { Estimate } from "./statistics.ts";

interface Row {
	readonly measure: Measure;
	readonly title: string;
	readonly about: string;
	readonly format: (value: number) => string;
}

const rows: readonly Row[] = [
	{ measure: "hitAt10", title: "Hit@10", about: "of the attack's queries; low is safe", format: formatShare },
	{ measure: "minRank", title: "MinRank", about: "mean rank of the best target; high is safe", format: formatRank },
	{
		measure: "imageRetrievalAt10",
		title: "Image retrieval at 10",
		about: "what the model is good for; high is useful",
		format: formatShare,
	},
	{
		measure: "textRetrievalAt10",
		title: "Text retrieval at 10",
		about: "what the model is good for; high is useful",
		format: formatShare,
	},
];

const signed = (value: number, format: (value: number) => string) =>
	`${value < 0 ? "−" : "+"}${format(Math.abs(value))}`;
const half = ({ low, high }: Estimate) => (low === null || high === null ? null : (high - low) / 2);
const titleOf = ({ model, variant }: BoardColumn) => (variant === "" ? model : `${model}, ${variant}`);

export function DefenseBoard({ runs }: { readonly runs: readonly BoardRun[] }) {
	const columns = useMemo(() => boardOf(runs), [runs]);
	const seeds = [...new Set(runs.filter(({ outcomes }) => outcomes.length > 0).map(({ seed }) => seed))].sort(
		(a, b) => a - b,
	);
	if (columns.length === 0) return null;
	return (
		<TableFrame
			title="Before and after each defense"
			note={`Mean ± half of the 95 % interval over ${seeds.length === 1 ? "seed" : `${seeds.length} seeds,`} ${seeds.join(", ")}. Differences are taken within each run, to its own attacked model.`}
			table={() => ({
				columns: ["measure", ...columns.flatMap((column) => [titleOf(column), `${titleOf(column)}: to attacked`, "n"])],
				rows: rows.map(({ measure, title }) => [
					title,
					...columns.flatMap((column) => [
						column.value(measure)?.mean ?? null,
						column.change(measure)?.mean ?? null,
						column.n,
					]),
				]),
			})}
		>
			<table className={css.board}>
				<thead>
					<tr>
						<td />
						{columns.map((column) => (
							<th key={titleOf(column)} scope="col">
								<ModelMark model={column.model} label={titleOf(column)} />
								<small>n {column.n}</small>
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<tr key={row.measure}>
							<th scope="row">
								{row.title}
								<small>{row.about}</small>
							</th>
							{columns.map((column) => (
								<Cell key={titleOf(column)} column={column} row={row} />
							))}
						</tr>
					))}
					<tr>
						<th scope="row">
							Time<small>training and evaluation</small>
						</th>
						{columns.map((column) => (
							<td key={titleOf(column)}>{formatDuration(column.value("seconds")?.mean)}</td>
						))}
					</tr>
				</tbody>
			</table>
		</TableFrame>
	);
}

function Cell({ column, row: { measure, format } }: { readonly column: BoardColumn; readonly row: Row }) {
	const value = column.value(measure);
	const change = column.change(measure);
	if (!value) return <td>–</td>;
	const reach = half(value);
	const share = measure === "minRank" ? 0 : Math.min(1, Math.max(0, value.mean));
	return (
		<td>
			<strong>{format(value.mean)}</strong>
			{reach !== null && <span> ± {format(reach)}</span>}
			<small>{change ? `${signed(change.mean, format)} to attacked` : "\u00a0"}</small>
			{measure !== "minRank" && (
				<svg className={css.level} width="100%" height="3" aria-hidden="true">
					<rect width={`${100 * share}%`} height="3" fill={`var(${modelStyle(column.model).hue})`} />
				</svg>
			)}
		</td>
	);
}
