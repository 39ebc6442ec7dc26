/** A plane through embeddings, fitted once on one model and kept for the others, so that what moves has really moved. */

/** Rows of one modality: unit vectors, one after the other. */
export interface Rows {
	readonly count: number;
	readonly width: number;
	readonly values: Float32Array;
}

export interface Embedded {
	readonly images: Rows;
	readonly texts: Rows;
}

export interface Plane {
	/** What is taken off images and texts before: their means lie far apart in every such model, and would be all one sees. */
	readonly imageMean: Float32Array;
	readonly textMean: Float32Array;
	/** Orthogonal unit vectors. */
	readonly axes: readonly [Float32Array, Float32Array];
	/** Subtracted from the first coordinate. */
	readonly origin: number;
	/** Both coordinates are divided by it. */
	readonly unit: number;
	/** Share of the fitted rows' variance along each axis. */
	readonly explained: readonly [number, number];
}

/** Where the first axis leads: from the centre of one class to that of another. */
export interface Direction {
	/** Class of each fitted row: the images', then the texts'. */
	readonly classes: readonly (string | null)[];
	readonly from: string;
	readonly to: string;
}

const dot = (a: Float32Array, b: Float32Array, at = 0) => {
	let sum = 0;
	for (let index = 0; index < a.length; index++) sum += a[index]! * b[at + index]!;
	return sum;
};

function meanOf({ count, width, values }: Rows): Float32Array {
	const mean = new Float32Array(width);
	for (let row = 0; row < count; row++)
		for (let at = 0; at < width; at++) mean[at]! += values[row * width + at]! / count;
	return mean;
}

/** All rows without their modality's mean: images, then texts. */
function centred({ images, texts }: Embedded, imageMean: Float32Array, textMean: Float32Array): Rows {
	const { width } = images;
	const count = images.count + texts.count;
	const values = new Float32Array(count * width);
	for (let at = 0; at < images.count * width; at++) values[at] = images.values[at]! - imageMean[at % width]!;
	for (let at = 0; at < texts.count * width; at++)
		values[images.count * width + at] = texts.values[at]! - textMean[at % width]!;
	return { count, width, values };
}

/** Rounds of the power method: enough for six digits wherever the second component is below nine tenths of the first. */
const ROUNDS = 120;

/**
 * The direction of most variance among those orthogonal to `others`, by the power method on the covariance. It starts at
 * the longest row, and its largest entry is positive, so that the same rows always give the same picture.
 */
function component({ count, width, values }: Rows, others: readonly Float32Array[]): Float32Array {
	const clean = (vector: Float32Array) => {
		for (const other of others) {
			const along = dot(other, vector);
			for (let at = 0; at < width; at++) vector[at]! -= along * other[at]!;
		}
		const length = Math.hypot(...vector) || 1;
		return vector.map((value) => value / length);
	};
	let longest = 0;
	let best = -1;
	for (let row = 0; row < count; row++) {
		const vector = values.slice(row * width, (row + 1) * width);
		const rest = dot(vector, vector) - others.reduce((sum, other) => sum + dot(other, vector) ** 2, 0);
		if (rest > best) [best, longest] = [rest, row];
	}
	let vector = clean(values.slice(longest * width, (longest + 1) * width));
	for (let round = 0; round < ROUNDS; round++) {
		const next = new Float32Array(width);
		for (let row = 0; row < count; row++) {
			const along = dot(vector, values, row * width);
			for (let at = 0; at < width; at++) next[at]! += along * values[row * width + at]!;
		}
		vector = clean(next);
	}
	const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
	return largest < 0 ? vector.map((value) => -value) : vector;
}

function centreOf({ width, values }: Rows, classes: readonly (string | null)[], name: string): Float32Array {
	const members = [...classes.keys()].filter((row) => classes[row] === name);
	const centre = new Float32Array(width);
	for (const row of members)
		for (let at = 0; at < width; at++) centre[at]! += values[row * width + at]! / members.length;
	return centre;
}

/**
 * The plane of most variance; with a direction, the plane of that direction and of most variance beside it, where class
 * `from` lies around 0 and class `to` around 1.
 */
export function fitPlane(embedded: Embedded, direction: Direction | null): Plane {
	const imageMean = meanOf(embedded.images);
	const textMean = meanOf(embedded.texts);
	const rows = centred(embedded, imageMean, textMean);
	const [from, to] = direction
		? [direction.from, direction.to].map((name) => centreOf(rows, direction.classes, name))
		: [undefined, undefined];
	const across = from && to ? to.map((value, at) => value - from[at]!) : null;
	const length = across ? Math.hypot(...across) : 0;
	const first = across && length > 0 ? across.map((value) => value / length) : component(rows, []);
	const axes = [first, component(rows, [first])] as const;
	let total = 0;
	for (const value of rows.values) total += value * value;
	const along = axes.map((axis) => {
		let sum = 0;
		for (let row = 0; row < rows.count; row++) sum += dot(axis, rows.values, row * rows.width) ** 2;
		return total === 0 ? 0 : sum / total;
	});
	return {
		imageMean,
		textMean,
		axes,
		origin: from && length > 0 ? dot(first, from) : 0,
		unit: length > 0 ? length : 1,
		explained: [along[0]!, along[1]!],
	};
}

export interface Coordinates {
	readonly xs: readonly number[];
	readonly ys: readonly number[];
}

/** Where rows lie in a plane: images, then texts. */
export function project(embedded: Embedded, plane: Plane): Coordinates {
	const { count, width, values } = centred(embedded, plane.imageMean, plane.textMean);
	const place = (axis: Float32Array, origin: number) =>
		Array.from({ length: count }, (_, row) => (dot(axis, values, row * width) - origin) / plane.unit);
	return { xs: place(plane.axes[0], plane.origin), ys: place(plane.axes[1], 0) };
}
