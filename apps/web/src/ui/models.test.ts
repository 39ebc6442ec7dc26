import { expect, test } from "vitest";
import { modelStyle } from "./models.ts";

test.each([
	["clean", "clean"],
	["poisoned", "poisoned"],
	["filtered", "filtered"],
	["filter-2", "filtered"],
	["safeclip", "filtered"],
	["safeclip-1-risky", "filtered"],
	["roClip", "filtered"],
	["cured", "cured"],
	["cleanclip", "cured"],
	["cleanClip", "cured"],
	["base", "base"],
])("%s looks like what is %s", (name, kind) => {
	expect(modelStyle(name).kind).toBe(kind);
});
