import { describe, expect, it } from "vitest";
import type { Edit } from "../types.ts";
import { editedHash, type Manifest, manifestHash } from "./manifest.ts";

const sample = { id: "train/0", image: 0, captions: ["a cat"] };
const manifest: Manifest = {
	name: "toy",
	settings: { seed: 1 },
	splits: [{ name: "train", samples: [sample], labels: ["cat"] }],
	images: { size: 1, count: 1, pixels: Uint8Array.of(1, 2, 3) },
};

describe("manifestHash", () => {
	it("is the same for equal content", () => {
		expect(manifestHash(structuredClone(manifest))).toBe(manifestHash(manifest));
	});

	it.each<[string, Partial<Manifest>]>([
		["a setting", { settings: { seed: 2 } }],
		["an id", { splits: [{ name: "train", samples: [{ ...sample, id: "train/1" }], labels: ["cat"] }] }],
		["a caption", { splits: [{ name: "train", samples: [{ ...sample, captions: ["a dog"] }], labels: ["cat"] }] }],
		["a label", { splits: [{ name: "train", samples: [sample], labels: [null] }] }],
		["a pixel", { images: { size: 1, count: 1, pixels: Uint8Array.of(1, 2, 4) } }],
	])("changes with %s", (_, change) => {
		expect(manifestHash({ ...manifest, ...change })).not.toBe(manifestHash(manifest));
	});
});

describe("editedHash", () => {
	const edits: Edit[] = [
		{ kind: "drop", sample: "train/0" },
		{ kind: "inject", sample, label: "cat" },
	];

	it("derives from the clean hash, the edits and their order", () => {
		const hashes = [
			editedHash("a", edits),
			editedHash("b", edits),
			editedHash("a", edits.toReversed()),
			editedHash("a", []),
		];
		expect(new Set(hashes).size).toBe(4);
	});

	it("does not depend on the order of an edit's properties", () => {
		expect(editedHash("a", [{ sample: "train/0", kind: "drop" }])).toBe(editedHash("a", edits.slice(0, 1)));
	});
});
