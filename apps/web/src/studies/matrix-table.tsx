/** The matrix as a table: a cell's tint is its Hit@10, its icon the state of its runs. */
import Link from "next/link";
import { TableFrame } from "../charts/table-frame.tsx";
import { formatName, formatShare, formatWhole } from "../ui/format.ts";
import { modelStyle } from "../ui/models.ts";
import { Status } from "../ui/status.tsx";
import type { Axis, Matrix } from "./matrix.ts";
import css from "./studies.module.css";
import type { StudyCell } from "./study-query.ts";

/** A cell of the plan; without runs as long as none is there. */
export type MatrixCell = Partial<Pick<StudyCell, "runs" | "outcomes">> & { readonly lacks: readonly number[] };

interface MatrixTableProps {
	readonly matrix: Matrix<MatrixCell>;
	readonly down: Axis | undefined;
	readonly across: Axis | undefined;
	readonly model: string;
}

/** Rates are shares, all else is a name. */
const label = (axis: Axis | undefined, value: string) =>
	axis && /rate/i.test(axis.name) && Number.isFinite(Number(value)) ? formatShare(Number(value)) : formatName(value);

export function MatrixTable({ matrix, down, across, model }: MatrixTableProps) {
	return (
		<TableFrame
			title="Cells of the study"
			note={`Mean Hit@10 of the ${model} model over the cell's runs, ± half of its 95 % interval; the tint is the mean.`}
			table={() => ({
				columns: [down?.name ?? "study", ...matrix.columns.map((column) => label(across, column) || model)],
				rows: matrix.rows.map((row) => [
					label(down, row) || "all",
					...matrix.columns.map((column) => hitOf(matrix.at(row, column), model)?.mean ?? null),
				]),
			})}
		>
			<table className={css.matrix}>
				{down && (
					<thead>
						<tr>
							<th scope="col">
								{formatName(down.name)}
								{across && ` by ${formatName(across.name)}`}
							</th>
							{matrix.columns.map((column) => (
								<th key={column} scope="col">
									{label(across, column) || "Hit@10"}
								</th>
							))}
						</tr>
					</thead>
				)}
				<tbody>
					{matrix.rows.map((row) => (
						<tr key={row}>
							<th scope="row">{label(down, row) || "All runs"}</th>
							{matrix.columns.map((column) => (
								<Cell key={column} cell={matrix.at(row, column)} model={model} />
							))}
						</tr>
					))}
				</tbody>
			</table>
		</TableFrame>
	);
}

/** Hit@10 of a model over the cell's runs; null while none has ended. */
function hitOf(cell: MatrixCell | undefined, model: string) {
	const found = cell?.outcomes?.find((one) => one.model === model && one.metric === "hitAt10");
	return found && found.n > 0 ? found : null;
}

function Cell({ cell, model }: { readonly cell: MatrixCell | undefined; readonly model: string }) {
	if (!cell) return <td className={css.none}>not planned</td>;
	const found = hitOf(cell, model);
	const value = found?.mean ?? null;
	const tint =
		value === null
			? undefined
			: `color-mix(in srgb, var(${modelStyle(model).hue}) ${Math.round(5 + 37 * value)}%, var(--surface))`;
	return (
		<td style={{ background: tint }}>
			<strong>{formatShare(value)}</strong>
			{found && found.low !== null && found.high !== null && (
				<span> ± {formatShare((found.high - found.low) / 2)}</span>
			)}
			<span className={css.runs}>
				{cell.runs?.map((run) => (
					<Link key={run.id} href={`/run?n=${run.number}`}>
						<Status status={run.status} bare />
						{run.number}
					</Link>
				))}
				{cell.lacks.length > 0 && (
					<span title={`Seeds ${cell.lacks.join(", ")}`}>{formatWhole(cell.lacks.length)} missing</span>
				)}
			</span>
		</td>
	);
}
