import { describe, expect, it } from "vitest";
import { picture } from "./bad-images.fixture.ts";
import { lookOf, looksLike } from "./look.ts";

async function look(seed: number, change: "none" | "small" | "compressed" = "none"): Promise<string> {
	let file = await picture(seed, { width: 200, height: 200 }).png().toBuffer();
	const { default: sharp } = await import("sharp");
	if (change === "small") file = await sharp(file).resize(90, 90).png().toBuffer();
	if (change === "compressed") file = await sharp(file).jpeg({ quality: 30 }).toBuffer();
	const pixels = await sharp(file).resize(64, 64).removeAlpha().raw().toBuffer();
	return lookOf(pixels, 64);
}

describe("a look", () => {
	it("stays near after resizing and compression, and is far from other pictures", async () => {
		const known = await Promise.all([2, 5, 9].map((seed) => look(seed)));
		const near = looksLike(known, 6);
		for (const change of ["small", "compressed"] as const) expect(near(await look(5, change))).toBe(true);
		for (const seed of [3, 7, 12]) expect(near(await look(seed))).toBe(false);
	});

	it("counts every differing bit of both halves", () => {
		expect(looksLike(["0000000000000000"], 2)("8000000000000001")).toBe(true);
		expect(looksLike(["0000000000000000"], 1)("8000000000000001")).toBe(false);
		expect(looksLike(["ffffffffffffffff"], 63)("0000000000000000")).toBe(false);
		expect(looksLike(["ffffffffffffffff"], 64)("0000000000000000")).toBe(true);
	});

	it("can be taken of images smaller than its grid", () => {
		expect(
			lookOf(
				Uint8Array.from({ length: 16 * 16 * 3 }, (_, at) => (at * 7) % 256),
				16,
			),
		).toMatch(/^[0-9a-f]{16}$/);
	});
});
