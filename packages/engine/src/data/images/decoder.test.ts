import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { badImages, picture } from "./bad-images.fixture.ts";
import { type Decoded, type ImageSettings, ImageSettings as Settings } from "./decode.ts";
import { type Decoder, type DecoderOptions, openDecoder } from "./decoder.ts";

let folder: string;
let decoder: Decoder | undefined;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-decoder-"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => decoder?.close());

const small: ImageSettings = Settings.parse({ size: 32 });
function open(settings: ImageSettings = small, options: Partial<DecoderOptions> = {}): Decoder {
	decoder = openDecoder(settings, { processes: 1, ...options });
	return decoder;
}
const faultOf = (decoded: Decoded) => ("fault" in decoded ? decoded.fault : "none");
const pixelsOf = (decoded: Decoded) => {
	if ("fault" in decoded) throw new Error(decoded.detail);
	return decoded.pixels;
};
const at = (pixels: Uint8Array, x: number, y: number) => [...pixels.subarray((y * 32 + x) * 3, (y * 32 + x) * 3 + 3)];

/** A decoder program that does `body` with every image whose first byte is 1, and answers the others. */
async function program(name: string, body: string): Promise<string> {
	const path = join(folder, `${name}.mjs`);
	const frames = join(import.meta.dirname, "frames.ts");
	await writeFile(
		path,
		`import { readFrames, writeFrame } from ${JSON.stringify(frames)};
		writeFrame(process.stdout, { ready: true }, new Uint8Array());
		for await (const { payload } of readFrames(process.stdin)) {
			if (payload[0] === 1) { ${body} }
			writeFrame(process.stdout, { look: "0" }, payload);
		}`,
	);
	return path;
}

describe("the decoder", () => {
	it("gives each bad image its fault and goes on", { timeout: 120_000 }, async () => {
		const images = await badImages();
		expect(images.length).toBeGreaterThanOrEqual(80);
		const pool = open();
		const faults = await Promise.all(images.map(({ bytes }) => pool.decode(bytes)));
		const wrong = images.flatMap(({ name, fault }, row) => {
			const given = faultOf(faults[row]!);
			return fault === null || fault === given ? [] : [`${name}: ${given}`];
		});
		expect(wrong).toEqual([]);
		expect(faults.map(faultOf)).not.toContain("image-decoder-crash");
		expect(faultOf(await pool.decode(await picture(1).jpeg().toBuffer()))).toBe("none");
	});

	it("turns a photograph as its EXIF orientation says", async () => {
		const left = { create: { width: 48, height: 64, channels: 3, background: "red" } } as const;
		const upright = await sharp({ create: { width: 96, height: 64, channels: 3, background: "blue" } })
			.composite([{ input: await sharp(left).png().toBuffer(), left: 0, top: 0 }])
			.png()
			.toBuffer();
		const pool = open();
		const redSide: Record<number, [number, number]> = {
			1: [2, 16],
			2: [29, 16],
			3: [29, 16],
			4: [2, 16],
			5: [16, 2],
			6: [16, 2],
			7: [16, 29],
			8: [16, 29],
		};
		for (const [orientation, [x, y]] of Object.entries(redSide)) {
			const bytes = await sharp(upright)
				.jpeg()
				.withMetadata({ orientation: Number(orientation) })
				.toBuffer();
			const pixels = pixelsOf(await pool.decode(bytes));
			expect([orientation, at(pixels, x, y)[0]! > 200]).toEqual([orientation, true]);
			expect([orientation, at(pixels, 31 - x, 31 - y)[2]! > 200]).toEqual([orientation, true]);
		}
	});

	it("takes grey, CMYK, 16-bit, palette and transparent images, and the first frame of a GIF", async () => {
		const red = sharp({ create: { width: 40, height: 40, channels: 3, background: "red" } });
		const clear = sharp({ create: { width: 40, height: 40, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0 } } });
		const frames = sharp(Buffer.from([255, 0, 0, 0, 0, 255]), {
			raw: { width: 1, height: 2, channels: 3, pageHeight: 1 },
		});
		const files = {
			grey: [await red.clone().toColourspace("b-w").jpeg().toBuffer(), [127, 127, 127]],
			cmyk: [await red.clone().toColourspace("cmyk").jpeg().toBuffer(), [232, 0, 0]],
			"16 bit": [await red.clone().toColourspace("rgb16").png().toBuffer(), [255, 0, 0]],
			palette: [await red.clone().png({ palette: true }).toBuffer(), [255, 0, 0]],
			transparent: [await clear.png().toBuffer(), [255, 255, 255]],
			gif: [await frames.gif({ loop: 0, delay: [10, 10] }).toBuffer(), [255, 0, 0]],
		} as const;
		const pool = open();
		for (const [name, [bytes, colour]] of Object.entries(files)) {
			const pixels = pixelsOf(await pool.decode(bytes));
			expect(pixels).toHaveLength(32 * 32 * 3);
			for (const [channel, value] of at(pixels, 16, 16).entries())
				expect([name, Math.abs(value - colour[channel]!) <= 3]).toEqual([name, true]);
		}
	});

	it("keeps the middle, or all of the picture when asked to stretch it", async () => {
		const half = { create: { width: 20, height: 40, channels: 3, background: "red" } } as const;
		const wide = await sharp({ create: { width: 120, height: 40, channels: 3, background: "blue" } })
			.composite([{ input: await sharp(half).png().toBuffer(), left: 0, top: 0 }])
			.png()
			.toBuffer();
		expect(at(pixelsOf(await open().decode(wide)), 0, 16)).toEqual([0, 0, 255]);
		decoder?.close();
		expect(at(pixelsOf(await open({ ...small, fit: "stretch" }).decode(wide)), 0, 16)).toEqual([255, 0, 0]);
	});

	it("comes close to Pillow's bits with libvips, and both agree on what the picture is", async () => {
		const bytes = await picture(4, { width: 128, height: 64 }).png().toBuffer();
		const fast = await open().decode(bytes);
		decoder?.close();
		const exact = await open({ ...small, resample: "pillow" }).decode(bytes);
		const [a, b] = [pixelsOf(fast), pixelsOf(exact)];
		const difference = a.reduce((sum, value, place) => sum + Math.abs(value - b[place]!), 0) / a.length;
		expect(difference).toBeLessThan(2);
		expect("look" in fast && fast.look).toBe("look" in exact && exact.look);
	});

	it.each([
		["ends by itself", "process.exit(3);", "image-decoder-crash"],
		["is killed", "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});", "image-decoder-crash"],
		["outgrows its memory", "process.exit(71);", "image-out-of-memory"],
		["hangs", "await new Promise((done) => setTimeout(done, 60_000));", "image-timeout"],
	])("blames one image alone when its process %s", async (name, body, fault) => {
		const pool = open(small, { program: await program(name.replaceAll(" ", "-"), body), milliseconds: 1500 });
		const decoded = await Promise.all([0, 1, 2, 1, 3].map((first) => pool.decode(Uint8Array.of(first))));
		expect(decoded.map(faultOf)).toEqual(["none", fault, "none", fault, "none"]);
	});

	it("says so when it cannot start", async () => {
		const path = join(folder, "broken.mjs");
		await writeFile(path, "process.exit(1);");
		await expect(open(small, { program: path }).decode(Uint8Array.of(0))).rejects.toMatchObject({
			code: "runtime-unavailable",
		});
	});

	it("may not write files", async () => {
		const target = join(folder, "written");
		const path = await program("writes", `(await import("node:fs")).writeFileSync(${JSON.stringify(target)}, "x");`);
		expect(faultOf(await open(small, { program: path }).decode(Uint8Array.of(1)))).toBe("image-decoder-crash");
	});
});
