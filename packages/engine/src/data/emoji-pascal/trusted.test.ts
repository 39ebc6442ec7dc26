import { describe, expect, it } from "vitest";
import { Random } from "../../random.ts";
import { composeTrusted, trustedCaptions } from "./trusted.ts";

const told = Array.from({ length: 400 }, (_, index) => {
	const random = new Random(index);
	const scene = composeTrusted(random, index);
	return { scene, captions: trustedCaptions(random, scene) };
});

describe("trusted scenes", () => {
	it("hold one or two different things from left to right, all within the picture", () => {
		for (const { scene } of told) {
			const { things } = scene;
			expect([1, 2]).toContain(things.length);
			expect(new Set(things.map((thing) => thing.concept)).size).toBe(things.length);
			expect(things.map((thing) => thing.x)).toEqual(
				things.map((thing) => thing.x).toSorted((one, other) => one - other),
			);
			for (const { x, y, side } of things) {
				for (const middle of [x, y]) expect(Math.abs(middle - 0.5) + side / 2).toBeLessThanOrEqual(0.51);
			}
		}
	});

	it("are told in five different short captions, each naming a thing that stands there", () => {
		for (const { scene, captions } of told) {
			expect(new Set(captions).size).toBe(5);
			const nouns = [...scene.things, ...scene.beside].flatMap((thing) => thing.drawing.nouns);
			for (const caption of captions)
				expect([caption, nouns.some((noun) => caption.includes(noun))]).toEqual([caption, true]);
		}
	});

	it("say left and right as they are", () => {
		for (const { scene, captions } of told) {
			for (const caption of captions) {
				const [, phrase, side] = /^(.*) on the (left|right)$/.exec(caption) ?? [];
				if (phrase === undefined) continue;
				const thing = side === "left" ? scene.things[0]! : scene.things.at(-1)!;
				expect(side === "left" ? thing.x : 1 - thing.x).toBeLessThan(0.5);
				expect([caption, thing.drawing.nouns.some((noun) => phrase.endsWith(noun))]).toEqual([caption, true]);
			}
		}
	});

	it("set articles by sound", () => {
		for (const { captions } of told)
			for (const caption of captions) expect(caption).not.toMatch(/\ba [aeio]|\ban? an?\b|\ban (?![aeiou]|hour)/i);
	});
});
