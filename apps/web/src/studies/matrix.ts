/** Cells of a study laid out as a matrix: one axis down, one across, the others chosen to a single value. */

interface Coordinate {
	readonly axis: string;
	readonly value: string;
}

export interface Axis {
	readonly name: string;
	readonly values: readonly string[];
}

interface Placed {
	readonly coordinates: readonly Coordinate[];
}

const coordinate = (cell: Placed, axis: string) => cell.coordinates.find((one) => one.axis === axis)?.value;

export interface Matrix<Cell> {
	readonly rows: readonly string[];
	readonly columns: readonly string[];
	/** Undefined where the study has no such cell. */
	readonly at: (row: string, column: string) => Cell | undefined;
}

/** Axes that cells tell apart: the seed is inside of a cell, and an axis of one value says nothing. */
export function layoutAxes(axes: readonly Axis[], cells: readonly Placed[]): readonly Axis[] {
	return axes.filter(
		({ name, values }) => values.length > 1 && cells.some((cell) => coordinate(cell, name) !== undefined),
	);
}

interface Named extends Placed {
	/** Null in a sweep, whose cells are known by their place. */
	readonly name: string | null;
}

/** Cells of a plan, those without any run too, each with the seeds that it lacks. */
export function withMissing<Cell extends Named>(
	cells: readonly Cell[],
	missing: readonly (Named & { readonly seeds: readonly number[] })[],
): readonly ((Cell | Named) & { readonly lacks: readonly number[] })[] {
	const key = ({ name, coordinates }: Named) =>
		JSON.stringify(name ?? coordinates.map(({ axis, value }) => [axis, value]).sort());
	const seeds = new Map(missing.map((one) => [key(one), one.seeds]));
	const known = new Set(cells.map(key));
	return [
		...cells.map((cell) => ({ ...cell, lacks: seeds.get(key(cell)) ?? [] })),
		...missing
			.filter((one) => !known.has(key(one)))
			.map(({ name, coordinates, seeds: lacks }) => ({ name, coordinates, lacks })),
	];
}

/**
 * Lays cells out by two axes.
 * @param fixed value per remaining axis; cells elsewhere are left out
 */
export function layOut<Cell extends Placed>(
	cells: readonly Cell[],
	{
		down,
		across,
		fixed,
	}: {
		readonly down: Axis | undefined;
		readonly across: Axis | undefined;
		readonly fixed: ReadonlyMap<string, string>;
	},
): Matrix<Cell> {
	const key = (row: string | undefined, column: string | undefined) => JSON.stringify([row ?? "", column ?? ""]);
	const placed = new Map<string, Cell>();
	for (const cell of cells) {
		if ([...fixed].some(([axis, value]) => coordinate(cell, axis) !== value)) continue;
		placed.set(key(down && coordinate(cell, down.name), across && coordinate(cell, across.name)), cell);
	}
	return {
		rows: down?.values ?? [""],
		columns: across?.values ?? [""],
		at: (row, column) => placed.get(key(row, column)),
	};
}
