import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { allConcepts, otherThings, pascalClasses } from "./concepts.ts";
import { styles } from "./sprites.ts";

const require = createRequire(import.meta.url);
const icons = allConcepts.flatMap((concept) => concept.drawings.map((one) => one.icon));

describe("concepts", () => {
	it("are the 20 PASCAL classes in their order, and many other things", () => {
		expect(pascalClasses.map((one) => one.name).join(" ")).toBe(
			"aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor",
		);
		expect(otherThings.length).toBeGreaterThan(650);
	});

	it.each(styles)("can all be drawn by %s", (style) => {
		const set = JSON.parse(readFileSync(require.resolve(`@iconify-json/${style}/icons.json`), "utf8"));
		expect(icons.filter((icon) => !(icon in set.icons) && !(icon in (set.aliases ?? {})))).toEqual([]);
	});

	it("use each icon once", () => {
		expect(new Set(icons).size).toBe(icons.length);
	});

	it("never share a noun, so that a word means one concept", () => {
		const owners = new Map<string, string>();
		for (const { name, drawings } of allConcepts) {
			for (const noun of new Set(drawings.flatMap((one) => one.nouns))) {
				expect([noun, owners.get(noun)]).toEqual([noun, undefined]);
				owners.set(noun, name);
			}
		}
	});

	it("have three nouns for each drawing of a class", () => {
		for (const { drawings } of pascalClasses) {
			for (const { nouns } of drawings) expect(new Set(nouns).size).toBe(3);
		}
	});
});
