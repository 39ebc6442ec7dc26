/** The gallery answers one request at a time, outlives its process, and agrees with the engine it asks. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseExperiment, shippedCheckpoint } from "@mithridate/engine";
import { afterAll, describe, expect, test } from "vitest";
import { createGallery, type GalleryOptions } from "./gallery.ts";
import type { RetrieveRequest } from "./protocol.ts";

const cacheFolder = mkdtempSync(join(tmpdir(), "mithridate-gallery-"));
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

const images = { hash: "0", pixels: "", size: 1, count: 0, rows: [], classes: [] };
const request = (text: string): RetrieveRequest => ({
	kind: "retrieve",
	folder: "",
	modelHash: "",
	images,
	text,
	k: 1,
});

function echoing(options: Partial<GalleryOptions> = {}) {
	const program = fileURLToPath(new URL("./echo.fixture.ts", import.meta.url));
	const gallery = createGallery({ cacheFolder, program, ...options });
	afterAll(() => gallery.close());
	return gallery;
}

describe("the queue", () => {
	test("answers every request with its own result", async () => {
		const gallery = echoing();
		const answers = await Promise.all(["1", "2", "3"].map((text) => gallery.ask(request(text))));
		expect(answers.map(({ milliseconds }) => milliseconds)).toEqual([1, 2, 3]);
	});

	test("starts another process when one died, and goes on with the next request", async () => {
		const gallery = echoing();
		const [died, next] = await Promise.allSettled([gallery.ask(request("die")), gallery.ask(request("5"))]);
		expect(died).toMatchObject({ status: "rejected", reason: { reason: "died" } });
		expect(next).toMatchObject({ status: "fulfilled", value: { milliseconds: 5 } });
	});

	test("ends a process that takes too long, and goes on with the next request", async () => {
		const gallery = echoing({ timeoutMs: 3000 });
		const [late, next] = await Promise.allSettled([gallery.ask(request("sleep")), gallery.ask(request("7"))]);
		expect(late).toMatchObject({ status: "rejected", reason: { reason: "timeout" } });
		expect(next).toMatchObject({ status: "fulfilled", value: { milliseconds: 7 } });
	});

	test("refuses more than may wait, forgets callers who left, and passes faults on", async () => {
		const gallery = echoing({ mostWaiting: 1 });
		const left = new AbortController();
		const first = gallery.ask(request("1"));
		const second = gallery.ask(request("2"), left.signal);
		await expect(gallery.ask(request("3"))).rejects.toMatchObject({ reason: "busy" });
		left.abort();
		await expect(second).rejects.toMatchObject({ reason: "aborted" });
		expect((await first).milliseconds).toBe(1);
		await expect(gallery.ask(request("fault"))).rejects.toMatchObject({ reason: "request", subject: "text" });
	});
});

describe("the real process", () => {
	const gallery = createGallery({ cacheFolder });
	afterAll(() => gallery.close());
	const config = parseExperiment({
		dataset: { name: "emojiPascal", params: { trainPerClass: 2, filler: 0, testPerClass: 1, trusted: 0 } },
		attack: { name: "singleImage", params: { target: { kind: "centre" }, amount: { kind: "count", count: 2 } } },
	});

	test("previews an attack as a run would make it, without holding up this process", async () => {
		let turns = 0;
		const ticking = setInterval(() => turns++, 5);
		const preview = await gallery.ask({ kind: "preview", config, first: 10 });
		clearInterval(ticking);
		expect(turns).toBeGreaterThan(10);
		expect(preview).toMatchObject({ poisoned: 2, samples: 40, goals: [{ from: "sheep", to: "aeroplane" }] });
		expect(preview.pairs.map(({ kind, class: name }) => [kind, name])).toEqual(
			Array(2).fill(["replace-image", "sheep"]),
		);
		expect(preview.examples.map(({ class: name }) => name)).toEqual(expect.arrayContaining(["sheep", "aeroplane"]));
		expect(
			Buffer.from(preview.pairs[0]?.after?.png ?? [])
				.subarray(1, 4)
				.toString(),
		).toBe("PNG");
	});

	test("previews a backdoor with its patch on the pictures, and an attack by embeddings of the training pairs", async () => {
		const { dataset } = config;
		const of = (name: "patchBackdoor" | "navigated", params: object) =>
			gallery.ask({ kind: "preview", config: parseExperiment({ dataset, attack: { name, params } }), first: 10 });
		const amount = { kind: "count", count: 2 };
		const backdoor = await of("patchBackdoor", { amount, patch: { side: 0.25, place: "top-left" } });
		expect(backdoor.pairs.map(({ kind, class: name }) => [kind, name])).toEqual(Array(2).fill(["inject", "sheep"]));
		const { default: sharp } = await import("sharp");
		const pixels = await sharp(backdoor.pairs[0]?.after?.png).removeAlpha().raw().toBuffer();
		expect([...pixels.subarray(0, 3)]).toEqual([255, 0, 255]);
		expect((await of("navigated", { amount })).goals).toHaveLength(1);
	}, 60_000);

	test("ranks images for a text: an image stands before those that are nothing but noise", async () => {
		const sheep = (await gallery.ask({ kind: "preview", config, first: 1 })).pairs[0]?.before;
		const { default: sharp } = await import("sharp");
		const picture = await sharp(sheep?.png).removeAlpha().raw().toBuffer();
		const noise = Buffer.from(Array.from({ length: picture.length }, (_, at) => (at * 7919) % 251));
		const pixels = join(cacheFolder, "pixels");
		writeFileSync(pixels, Buffer.concat([noise, picture, noise]));
		const asked = {
			kind: "retrieve",
			folder: shippedCheckpoint("base"),
			modelHash: "base",
			images: { hash: "tiny", pixels, size: 64, count: 3, rows: [0, 1, 2], classes: ["noise", "sheep", "noise"] },
			text: "a sheep",
			k: 2,
		} as const;
		const first = await gallery.ask(asked);
		expect(first.items.map(({ position }) => position)).toEqual([1, 0]);
		expect(first.targetRanks).toEqual([
			{ class: "sheep", bestRank: 0 },
			{ class: "noise", bestRank: 1 },
		]);
		const again = await gallery.ask({ ...asked, text: "a ewe" });
		expect(again.items).toHaveLength(2);
	});

	test("places images and captions in a plane, and the next model in the same one", async () => {
		const preview = await gallery.ask({ kind: "preview", config, first: 2 });
		const { default: sharp } = await import("sharp");
		const raw = preview.pairs.flatMap(({ before, after }) =>
			[before, after].map((picture) => sharp(picture?.png).removeAlpha().raw().toBuffer()),
		);
		const pixels = join(cacheFolder, "pixels of a map");
		writeFileSync(pixels, Buffer.concat(await Promise.all(raw)));
		const classes = ["sheep", "aeroplane", "sheep", "aeroplane"];
		const asked = {
			kind: "map",
			folder: shippedCheckpoint("base"),
			modelHash: "base",
			images: { hash: "map", pixels, size: 64, count: 4, rows: [0, 1, 2, 3], classes },
			texts: ["a sheep", "an aeroplane", "a white sheep", "a big aeroplane"],
			fitted: 4,
			plane: null,
			goal: { from: "sheep", to: "aeroplane" },
		} as const;
		const first = await gallery.ask(asked);
		// The centre of class A lies at 0 and that of class B at 1.
		const centre = (name: string) => {
			const xs = first.xs.filter((_, at) => classes[at % 4] === name);
			return xs.reduce((sum, x) => sum + x, 0) / xs.length;
		};
		expect(centre("sheep")).toBeCloseTo(0, 4);
		expect(centre("aeroplane")).toBeCloseTo(1, 4);
		const again = await gallery.ask({ ...asked, plane: first.plane });
		expect(again.xs).toEqual(first.xs);
	});
});
