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
