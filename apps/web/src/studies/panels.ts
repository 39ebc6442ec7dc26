/** Which pictures a study's cells make beside its matrix, and the numbers of each. */
import { modelKinds, modelStyle } from "../ui/models.ts";
import type { Axis } from "./matrix.ts";
import type { Study, StudyCell } from "./study-query.ts";

const placeOn = (cell: StudyCell, axis: string) => cell.coordinates.find((one) => one.axis === axis)?.value;

/** The axis that is a dose: more than one value, all of them numbers. */
export function doseAxis(axes: readonly Axis[]): Axis | undefined {
	return axes.find(
		({ name, values }) =>
			name !== "seed" && values.length > 1 && values.every((value) => Number.isFinite(Number(value))),
	);
}

/** The models that any cell has measured, in the order of the legend. */
export function modelsOf(cells: readonly StudyCell[]): readonly string[] {
	const kindOf = (model: string) => modelKinds.indexOf(modelStyle(model).kind);
	return [...new Set(cells.flatMap(({ outcomes }) => outcomes.map(({ model }) => model)))].sort(
		(a, b) => kindOf(a) - kindOf(b),
	);
}

export interface DosePoint {
	readonly x: number;
	readonly y: number;
	readonly low: number | null;
	readonly high: number | null;
	readonly n: number;
}

/** One line per model: a number over the dose, with its interval over seeds. */
export function doseLines(
	cells: readonly StudyCell[],
	axis: Axis,
	metric: string,
): readonly { readonly model: string; readonly points: readonly DosePoint[] }[] {
	return modelsOf(cells)
		.map((model) => ({
			model,
			points: cells
				.flatMap((cell) => {
					const found = cell.outcomes.find((one) => one.model === model && one.metric === metric);
					const { mean: y, low, high, n } = found ?? { n: 0, mean: 0, low: null, high: null };
					return n > 0 ? [{ x: Number(placeOn(cell, axis.name)), y, low, high, n }] : [];
				})
				.sort((a, b) => a.x - b.x),
		}))
		.filter(({ points }) => points.length > 0);
}

/** The cells that differ in `axis` alone, by what the others are. */
export function panelsBy(
	cells: readonly StudyCell[],
	axes: readonly Axis[],
	axis: string,
): ReadonlyMap<string, readonly StudyCell[]> {
	const telling = axes.filter(({ name, values }) => name !== axis && name !== "seed" && values.length > 1);
	const groups = new Map<string, StudyCell[]>();
	for (const cell of cells) {
		const name = telling.flatMap((one) => placeOn(cell, one.name) ?? []).join(", ");
		groups.set(name, [...(groups.get(name) ?? []), cell]);
	}
	return groups;
}

export interface GoalCell {
	readonly row: string;
	readonly column: string;
	readonly value: number | null;
	readonly href: string | undefined;
}

/** The cells of an axis of goals as squares: class A down, class B across. Cells of one goal are averaged. */
export function goalCells(cells: readonly StudyCell[], model: string): readonly GoalCell[] {
	const groups = new Map<string, StudyCell[]>();
	for (const cell of cells) {
		const goal = placeOn(cell, "goal");
		if (goal?.includes(" → ")) groups.set(goal, [...(groups.get(goal) ?? []), cell]);
	}
	return [...groups].map(([goal, members]) => {
		const [row = "", column = ""] = goal.split(" → ");
		const found = members.flatMap(({ outcomes }) =>
			outcomes.filter((one) => one.model === model && one.metric === "hitAt10" && one.n > 0),
		);
		const run = members.flatMap(({ runs }) => runs)[0];
		return {
			row,
			column,
			value: found.length > 0 ? found.reduce((sum, { mean }) => sum + mean, 0) / found.length : null,
			href: run && `/run?n=${run.number}`,
		};
	});
}

/** Whether the study varies its goal over more pairs than a matrix of a few columns shows. */
const hasGoals = (axes: readonly Axis[]): boolean =>
	axes.some(({ name, values }) => name === "goal" && values.filter((value) => value.includes(" → ")).length > 2);

/** A cell in words. */
export const cellName = ({ coordinates }: StudyCell): string => coordinates.map(({ value }) => value).join(", ");

export const viewTitles = {
	paper: "Results",
	matrix: "Matrix",
	dose: "Dose and response",
	goals: "All pairs of classes",
	board: "Before and after",
	utility: "Attack against utility",
} as const;

export type StudyViewName = keyof typeof viewTitles;

/** The views that the study's axes make sense of. */
export function viewsOf({
	axes,
	cells,
	definitionName,
}: Pick<Study, "axes" | "cells" | "definitionName">): readonly StudyViewName[] {
	return [
		...(definitionName === null ? [] : (["paper"] as const)),
		"matrix",
		...(doseAxis(axes) ? (["dose"] as const) : []),
		...(hasGoals(axes) ? (["goals"] as const) : []),
		...(cells.length > 0 ? (["board", "utility"] as const) : []),
	];
}
