import { expect, test } from "vitest";
import { worthwhileLengths } from "./lengths.ts";

const batches = (counts: Record<number, number>) =>
	Object.entries(counts).flatMap(([length, count]) => Array<number>(count).fill(Number(length)));

test("lengths that many batches need get programs of their own", () => {
	expect(worthwhileLengths(batches({ 24: 50, 32: 50 }), 32)).toEqual([24, 32]);
	expect(worthwhileLengths(batches({ 16: 40, 32: 30, 64: 30 }), 77)).toEqual([16, 32, 64, 77]);
});

test("a length that hardly any batch needs gets none", () => {
	expect(worthwhileLengths(batches({ 16: 1, 24: 150, 32: 5 }), 32)).toEqual([24, 32]);
	expect(worthwhileLengths(batches({ 24: 2, 32: 98 }), 32)).toEqual([32]);
});

test("every batch fits the last length, needed or not", () => {
	expect(worthwhileLengths(batches({ 8: 10 }), 77)).toEqual([8, 77]);
	expect(worthwhileLengths([], 16)).toEqual([16]);
});
