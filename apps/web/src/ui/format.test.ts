import { describe, expect, it } from "vitest";
import { formatAgo, formatBytes, formatDuration, formatName, formatNumber, formatShare } from "./format.ts";

describe("numbers as people read them", () => {
	it("names what is not finite instead of hiding it", () => {
		expect([Number.NaN, Infinity, -Infinity].map(formatNumber)).toEqual(["NaN", "∞", "−∞"]);
	});
	it("uses powers of ten only where digits would not fit", () => {
		expect([0, 0.00065, 4.61234, 12_345_678].map(formatNumber)).toEqual(["0", "6.50e−4", "4.612", "1.23e7"]);
	});
	it("shows a missing share as a dash", () => {
		expect([formatShare(null), formatShare(0.9444)]).toEqual(["–", "94.4%"]);
	});
	it("counts durations in the unit that fits", () => {
		expect([7.42, 192, 7500].map(formatDuration)).toEqual(["7.4 s", "3 min 12 s", "2 h 05 min"]);
	});
	it("counts bytes in powers of 1024", () => {
		expect([0, 512, 1536, 5 * 1024 ** 3].map(formatBytes)).toEqual(["0 B", "512 B", "1.5 KiB", "5.0 GiB"]);
	});
	it("measures age against the clock it is given", () => {
		expect(formatAgo("2026-01-01T00:00:00Z", Date.parse("2026-01-01T03:00:00Z"))).toBe("3 h ago");
	});
	it("spells registry names and type names alike", () => {
		expect(["singleLabel", "SingleLabelAttack"].map(formatName)).toEqual(["single label", "single label"]);
	});
});
