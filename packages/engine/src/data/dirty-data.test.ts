/** A set with bad rows of twenty kinds among good ones: the report lists exactly these, and what is left is always the same. */
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { addFiles, carryOut, folderOf, jpegs } from "./dataset.fixture.ts";
import { badImages } from "./images/bad-images.fixture.ts";
import { ImageSettings } from "./images/decode.ts";
import { openDecoder } from "./images/decoder.ts";

const count = 200;

/** Kinds of damage by line, and the reason each is given. */
const lineKinds: readonly [reason: string, line: (name: string, caption: string) => string][] = [
	["image-missing", (_, caption) => `{"image": "lost.jpg${caption}", "caption": "${caption}"}`],
	["path", (name, caption) => `{"image": "../${name}", "caption": "${caption}"}`],
	["path", (name, caption) => `{"image": "/${name}", "caption": "${caption}"}`],
	["path", (name, caption) => `{"image": "link/${name}", "caption": "${caption}"}`],
	["image-unreadable", (name, caption) => `{"image": "folders/${name}", "caption": "${caption}"}`],
	["caption-missing", (name) => `{"image": "${name}", "caption": " "}`],
	["caption-too-long", (name) => `{"image": "${name}", "caption": "${"long ".repeat(3000)}"}`],
	["text", (name) => `{"image": "${name}", "caption": "\\u0000"}`],
	["json", (name) => `{"image": "${name}", "caption": `],
	["field", (name) => `{"image": "${name}"}`],
	["split", (name, caption) => `{"image": "${name}", "caption": "${caption}", "split": "other"}`],
	["label", (name, caption) => `{"image": "${name}", "caption": "${caption}", "label": "${"l".repeat(201)}"}`],
];

/** Kinds of damage by image, as the list of bad images names them. */
const imageKinds = ["jpeg cut at 0.4", "png cut at 0.7", "png bomb 20000", "svg", "tiff", "pdf", "zero bytes", "html"];

test("the report lists exactly the bad rows with their reasons, and the rest imports to the same bits", {
	timeout: 120_000,
}, async () => {
	const random = new Random("dirty");
	const names = Array.from({ length: count }, (_, at) => `${at}.jpg`);
	const path = await folderOf(await jpegs(names));
	await addFiles(path, Object.fromEntries(names.map((name) => [`folders/${name}/keep`, ""])));
	await symlink(await folderOf(await jpegs(names)), join(path, "link"));
	const known = new Map((await badImages()).map((image) => [image.name, image]));
	const expected: string[] = [];
	const kinds = lineKinds.length + imageKinds.length;
	const bad = new Map(random.sample(names, 2 * kinds).map((name, at) => [name, at % kinds]));
	const lines: string[] = [];
	for (const [at, name] of names.entries()) {
		const kind = bad.get(name);
		const caption = `caption ${at}`;
		const split = ["train", "test", "trusted"][at % 3]!;
		let line = JSON.stringify({ image: name, caption, split });
		if (kind !== undefined && kind < lineKinds.length) line = lineKinds[kind]![1](name, caption);
		else if (kind !== undefined) {
			const image = known.get(imageKinds[kind - lineKinds.length]!)!;
			await addFiles(path, { [name]: image.bytes });
		}
		if (kind !== undefined) {
			const reason = lineKinds[kind]?.[0] ?? known.get(imageKinds[kind - lineKinds.length]!)!.fault;
			expected.push(`${reason} captions.jsonl:${at + 1}`);
		}
		lines.push(line);
	}
	await addFiles(path, { "captions.jsonl": lines.join("\n") });
	expect(expected).toHaveLength(40);
	const first = await carryOut({ kind: "captionFile", path });
	expect(first.faults).toEqual(expected);
	const { train, test: gallery, trusted } = first.version.samples;
	expect(train + gallery + trusted).toBe(count - 40);
	const second = await carryOut({ kind: "captionFile", path, processes: 3 });
	expect(second.faults).toEqual(expected);
	expect(second.version.hash).toBe(first.version.hash);
});

test("images with random damage are decoded or refused, and cost no process", { timeout: 120_000 }, async () => {
	const random = new Random("damage");
	const seeds = Object.values(await jpegs(["a", "b", "c", "d"]));
	const decoder = openDecoder(ImageSettings.parse({ size: 16 }), { processes: 2 });
	try {
		const decoded = await Promise.all(
			Array.from({ length: 400 }, () => {
				const bytes = Uint8Array.from(random.pick(seeds));
				for (let flips = 1 + random.integer(12); flips > 0; flips--)
					bytes[random.integer(bytes.length)] = random.integer(256);
				return decoder.decode(bytes);
			}),
		);
		const faults = decoded.map((each) => ("fault" in each ? each.fault : "none"));
		expect(faults).toContain("none");
		expect(faults).toContain("image-damaged");
		expect(faults).not.toContain("image-decoder-crash");
		expect(faults).not.toContain("image-timeout");
	} finally {
		decoder.close();
	}
});
