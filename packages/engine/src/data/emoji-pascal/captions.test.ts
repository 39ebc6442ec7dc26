import { describe, expect, it } from "vitest";
import { Random } from "../../random.ts";
import { allConcepts } from "./concepts.ts";
import { idealRetrieval } from "./ideal-ranker.ts";
import { labelledPictures, type ScenePicture, scenePicture } from "./pictures.ts";
import { article, withArticle } from "./words.ts";

const stream = new Random("captions.test");
const pictures = allConcepts.map((concept, at) => scenePicture(stream.split(String(at)), concept, null));
const told = pictures.flatMap((picture) => picture.told.map((caption) => ({ picture, ...caption })));

describe("captions", () => {
	it("come five to a picture, no two alike", () => {
		for (const { captions } of pictures) expect(new Set(captions).size).toBe(5);
	});

	it("always name the main object, before anything else that stands there", () => {
		for (const { picture, text, claims } of told) {
			expect(picture.scene.main.drawing.nouns).toContain(claims.noun);
			expect(text).toContain(claims.noun);
			const start = text.replace(/^(a picture of|an image of|there is|there are|here we see) /, "");
			expect(start).toMatch(new RegExp(`^(an? )?((small|little|large|big) )?${claims.noun}`));
		}
	});

	it("claim only what the scene holds", () => {
		for (const { picture, claims } of told) {
			const { scene } = picture;
			const truth = {
				colour: scene.colour,
				pattern: scene.pattern,
				place: scene.place,
				size: scene.size,
				style: scene.style,
			};
			const { noun: _, beside, ...attributes } = claims;
			expect(truth).toMatchObject(attributes);
			if (beside !== undefined) expect(scene.beside.map((thing) => thing.drawing.icon)).toContain(beside);
		}
	});

	it("say in words what they claim, and claim one to three things", () => {
		for (const { text, claims } of told) {
			const { noun: _, pattern, ...attributes } = claims;
			expect(Object.keys(attributes).length).toBeGreaterThanOrEqual(1);
			expect(Object.keys(attributes).length).toBeLessThanOrEqual(3);
			if (claims.colour !== undefined) expect(text).toMatch(new RegExp(`${claims.colour} back(ground|drop)`));
			if (pattern !== undefined) expect(text).toContain(`${pattern} ${claims.colour}`);
			if (claims.place !== undefined) expect(text).toMatch(claims.place === "middle" ? /middle|centre/ : claims.place);
			if (claims.size !== undefined) expect(text).toMatch(claims.size === "small" ? /small|little/ : /large|big/);
		}
	});

	it("set articles by sound, and none before plurals", () => {
		const wrong =
			/\ba [aeio]|\ban? an?\b|\ban (?![aeiou]|hour)|\ban? (?:small |little |large |big )?(?:scissors|jeans|grapes)/i;
		for (const { text } of told) expect(text).not.toMatch(wrong);
	});
});

describe("article", () => {
	it.each([
		["apple", "an"],
		["unicorn", "a"],
		["umbrella", "an"],
		["uniform", "a"],
		["hourglass", "an"],
		["horse", "a"],
		["DVD", "a"],
		["American football", "an"],
		["onion", "an"],
		["one-eyed ghost", "a"],
	])("of %s is %s", (word, expected) => {
		expect(article(word)).toBe(expected);
	});

	it("goes by the adjective when there is one, and is missing before plurals", () => {
		expect(withArticle({ noun: "apple", many: false, adjective: "small" })).toBe("a small apple");
		expect(withArticle({ noun: "scissors", many: true, adjective: "small" })).toBe("small scissors");
	});
});

describe("the ideal ranker", () => {
	const gallery = (seed: number): ScenePicture[] => labelledPictures(new Random(seed).split("test"), 25);

	it.each([0, 1, 2])("finds the right one of 500 images and 2500 captions within ten (seed %i)", (seed) => {
		const { imageAt10, textAt10 } = idealRetrieval(gallery(seed));
		expect(imageAt10).toBeGreaterThanOrEqual(0.95);
		expect(textAt10).toBeGreaterThanOrEqual(0.95);
	});
});
