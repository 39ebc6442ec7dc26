"use client";
/** A table of the paper: each number of ours with its interval, and the published one in a second column. */
import { TableFrame } from "../charts/table-frame.tsx";
import type { FigureOf, Measured } from "./figure-query.ts";
import css from "./figures.module.css";
import { bestOf, formatOf, type Side, wishOf } from "./quantities.ts";

const datasetNames = { EMOJI_PASCAL: "emoji-PASCAL", FLICKR_PASCAL: "Flickr-PASCAL", COCO: "COCO" } as const;

interface FigureTableProps {
	readonly title: string;
	readonly figure: FigureOf<"TableFigure">;
	readonly side: Side;
}

export function FigureTable({ title, figure: { columns, rows }, side }: FigureTableProps) {
	const datasets = [
		...new Set(rows.flatMap(({ values }) => values.flatMap((one) => one.published.map(({ dataset }) => dataset)))),
	];
	const isPublished = (at: number) => rows.some(({ values }) => (values[at]?.published.length ?? 0) > 0);
	const best = columns.map((column, at) =>
		bestOf(
			rows.map(({ values }) => values[at]!),
			wishOf(column, side),
		),
	);
	return (
		<TableFrame
			title={title}
			note={`Ours: mean ± half of the 95 % interval over n seeds. ${datasets.length > 0 ? `Published: ${datasets.map((one) => datasetNames[one]).join(", ")}; other data and models, to be compared in direction, not in size.` : "The paper gives no numbers here."}`}
			table={() => ({
				columns: [
					"",
					...columns.flatMap((column, at) => [
						column.title,
						`${column.title}, n`,
						...(isPublished(at) ? datasets.map((one) => `${column.title}, ${datasetNames[one]}`) : []),
					]),
				],
				rows: rows.map((row) => [
					row.title,
					...row.values.flatMap(({ measured, published }, at) => [
						measured?.mean ?? null,
						measured?.n ?? 0,
						...(isPublished(at)
							? datasets.map((one) => published.find(({ dataset }) => dataset === one)?.value ?? null)
							: []),
					]),
				]),
			})}
		>
			<table className={css.table}>
				<thead>
					<tr>
						<td />
						{columns.map((column, at) => (
							<th key={column.name} scope="colgroup" colSpan={isPublished(at) ? 2 : 1}>
								{column.title}
								<small>
									{
										{ HIGH: "high is what this side wants", LOW: "low is what this side wants", none: "\u00a0" }[
											wishOf(column, side) ?? "none"
										]
									}
								</small>
							</th>
						))}
					</tr>
					<tr>
						<td />
						{columns.flatMap((column, at) => [
							<th key={`${column.name} ours`} scope="col" className={css.sub}>
								ours
							</th>,
							...(isPublished(at)
								? [
										<th key={`${column.name} published`} scope="col" className={css.sub}>
											published
										</th>,
									]
								: []),
						])}
					</tr>
				</thead>
				<tbody>
					{rows.map((row, down) => (
						<tr key={row.name}>
							<th scope="row">{row.title}</th>
							{row.values.flatMap((value, at) => [
								<Ours
									key={`${columns[at]!.name} ours`}
									value={value}
									unit={columns[at]!.unit}
									isBest={best[at] === down}
								/>,
								...(isPublished(at)
									? [
											<td key={`${columns[at]!.name} published`} className={css.published}>
												{value.published.map(({ dataset, value: number }) => (
													<span key={dataset} title={datasetNames[dataset]}>
														{formatOf(columns[at]!.unit)(number)}
														{datasets.length > 1 && <small>{datasetNames[dataset]}</small>}
													</span>
												))}
												{value.published.length === 0 && "–"}
											</td>,
										]
									: []),
							])}
						</tr>
					))}
				</tbody>
			</table>
		</TableFrame>
	);
}

function Ours({
	value: { measured },
	unit,
	isBest,
}: {
	readonly value: Measured;
	readonly unit: Parameters<typeof formatOf>[0];
	readonly isBest: boolean;
}) {
	const format = formatOf(unit);
	if (!measured) return <td className={css.open}>not measured</td>;
	const { mean, low, high, n } = measured;
	return (
		<td data-best={isBest}>
			<strong>{format(mean)}</strong>
			{low !== null && high !== null && <span> ± {format((high - low) / 2)}</span>}
			<small>n {n}</small>
		</td>
	);
}
