import { describe, expect, it } from "vitest";
import { type Manifest, manifestHash } from "./manifest.ts";

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
