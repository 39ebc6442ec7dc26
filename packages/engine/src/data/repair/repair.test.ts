/** Texts are repaired as ftfy 6.3.1 repairs them; `fixtures/ftfy` holds its answers to texts misread in every encoding. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { repairText } from "./index.ts";
import { looksMisread } from "./misread.ts";

const Fixture = z.object({ cases: z.array(z.tuple([z.string(), z.string()])) });
const fixture = resolve(import.meta.dirname, "../../../fixtures/ftfy/fix-text.json");
const { cases } = Fixture.parse(JSON.parse(readFileSync(fixture, "utf8")));

test("500 texts come out as ftfy has them, most of them changed", () => {
	expect(cases).toHaveLength(500);
	expect(cases.filter(([text, repaired]) => text !== repaired).length).toBeGreaterThan(400);
	for (const [text, repaired] of cases) expect(repairText(text), JSON.stringify(text)).toBe(repaired);
});

test("a repaired text is not changed again", () => {
	for (const [, repaired] of cases) expect(repairText(repaired), JSON.stringify(repaired)).toBe(repaired);
});

test.each([
	["a caption that was misread twice", "Ã©tÃ©".replaceAll("Ã", "Ãƒ").replaceAll("©", "Â©"), "été"],
	["a space that was a letter's second byte", "voilÃ le travail", "voilà le travail"],
	["a lone surrogate", "a \ud83d b", "a \ufffd b"],
])("%s is repaired", (_name, text, repaired) => {
	expect(repairText(text)).toBe(repaired);
});

test.each(["café", "“quoted” — it’s 5 €", "Привет, мир", "Ελληνικά", "naïve façade", "a red sheep", "中文"])(
	"%s does not look misread",
	(text) => {
		expect(looksMisread(text)).toBe(false);
	},
);
