/** The plane agrees with principal components worked out by hand, and stays where it was for other models. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Embedded, fitPlane, project, type Rows } from "./plane.ts";

const rows = (values: readonly (readonly number[])[]): Rows => ({
	count: values.length,
	width: values[0]?.length ?? 0,
	values: Float32Array.from(values.flat()),
});

/** Images at (+-3, 0, 0) and (0, +-2, 0) around (10, 0, 1), texts the same around (-10, 0, 1): the gap is no component. */
const cross = [
	[3, 0, 0],
	[-3, 0, 0],
	[0, 2, 0],
	[0, -2, 0],
];
const around = (x: number) => rows(cross.map(([a = 0, b = 0, c = 0]) => [x + a, b, c + 1]));
const embedded: Embedded = { images: around(10), texts: around(-10) };

describe("the plane of most variance", () => {
	test("finds the components of a cross, and not the gap between images and texts", () => {
		const plane = fitPlane(embedded, null);
		expect([...plane.axes[0]].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([1, 0, 0]);
		expect([...plane.axes[1]].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([0, 1, 0]);
		// Sums of squares: 18 along x and 8 along y, of 26, in each modality.
		expect(plane.explained[0]).toBeCloseTo(18 / 26, 5);
		expect(plane.explained[1]).toBeCloseTo(8 / 26, 5);
		const { xs, ys } = project(embedded, plane);
		expect(xs.map(Math.round)).toEqual([3, -3, 0, 0, 3, -3, 0, 0]);
		expect(ys.map(Math.round)).toEqual([0, 0, 2, -2, 0, 0, 2, -2]);
	});

	test("does not follow another model: what moved is seen to move", () => {
		const plane = fitPlane(embedded, null);
		const { xs } = project({ ...embedded, images: around(15) }, plane);
		expect(xs.map(Math.round)).toEqual([8, 2, 5, 5, 3, -3, 0, 0]);
	});

	test("explains no less than any other pair of axes that lies along coordinates", () => {
		const value = fc.integer({ min: -9, max: 9 });
		const some = fc.array(fc.tuple(value, value, value, value), { minLength: 3, maxLength: 8 });
		fc.assert(
			fc.property(some, some, (images, texts) => {
				const made = { images: rows(images), texts: rows(texts) };
				const { explained, axes, imageMean, textMean } = fitPlane(made, null);
				const variances = [0, 1, 2, 3].map((at) =>
					[...images.map((row) => row[at]! - imageMean[at]!), ...texts.map((row) => row[at]! - textMean[at]!)].reduce(
						(sum, one) => sum + one * one,
						0,
					),
				);
				const total = variances.reduce((sum, one) => sum + one, 0);
				if (total < 1e-6) return;
				const [first = 0, second = 0] = variances.toSorted((a, b) => b - a);
				expect(explained[0] + explained[1]).toBeGreaterThanOrEqual((first + second) / total - 2e-2);
				expect(axes[0].reduce((sum, one, at) => sum + one * axes[1][at]!, 0)).toBeCloseTo(0, 4);
			}),
			{ numRuns: 60, seed: 1 },
		);
	});
});

describe("the plane of a goal", () => {
	test("puts class A around 0 and class B around 1, in equal units on both axes", () => {
		const classes = ["sheep", "car", "sheep", "car"];
		const square = [
			[0, 0],
			[4, 0],
			[0, 2],
			[4, 2],
		];
		const made = { images: rows(square), texts: rows(square) };
		const plane = fitPlane(made, { classes: [...classes, ...classes], from: "sheep", to: "car" });
		const { xs, ys } = project(made, plane);
		expect(xs.slice(0, 4).map((x) => Math.round(x * 1e4) / 1e4)).toEqual([0, 1, 0, 1]);
		expect(ys.slice(0, 4).map((y) => Math.round(y * 1e4) / 1e4)).toEqual([-0.25, -0.25, 0.25, 0.25]);
	});
});
