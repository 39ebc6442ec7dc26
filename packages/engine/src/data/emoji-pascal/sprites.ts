/** Every icon in the four hands, rendered once: 64 x 64 pixels, cut to its outline, alpha premultiplied. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import sharp from "sharp";
import { z } from "zod";
import { MithridateError, throwIfAborted } from "../../errors.ts";
import type { ProgressEvent } from "../../types.ts";
import { readStored, storedPath, writeStored } from "../stored.ts";
import { allConcepts } from "./concepts.ts";

/** The four icon sets, each drawn by another hand. */
export const styles = ["noto", "twemoji", "fluent-emoji-flat", "openmoji"] as const;
export type Style = (typeof styles)[number];

/** Side of a sprite in pixels. */
export const spriteSide = 64;
const spriteBytes = spriteSide * spriteSide * 4;
const canvasSide = 128;

/** Changes whenever the pixels would, so that older stored sprites are left alone. */
const rendererVersion = 2;

/** All sprites in one block; `find` gives the premultiplied RGBA bytes of one. */
export interface SpriteSheet {
	/** Identifies icon set versions, renderer version and the list of icons. */
	readonly key: string;
	find(style: Style, icon: string): Uint8Array;
}

const require = createRequire(import.meta.url);

/** One icon set as its package describes it (the Iconify JSON format). */
const iconSet = z.object({
	width: z.number().default(16),
	height: z.number().default(16),
	icons: z.record(
		z.string(),
		z.object({ body: z.string(), width: z.number().optional(), height: z.number().optional() }),
	),
	aliases: z.record(z.string(), z.object({ parent: z.string() })).default({}),
});
type IconSet = z.output<typeof iconSet>;

const sheetHeader = z.object({ icons: z.array(z.string()) });

const icons: readonly string[] = [
	...new Set(allConcepts.flatMap((concept) => concept.drawings.map((one) => one.icon))),
].sort();

async function readJson(specifier: string): Promise<unknown> {
	return JSON.parse(await readFile(require.resolve(specifier), "utf8"));
}

async function sheetKey(): Promise<string> {
	const version = z.object({ version: z.string() });
	const versions = await Promise.all(
		styles.map(async (style) => version.parse(await readJson(`@iconify-json/${style}/package.json`)).version),
	);
	return createHash("sha256").update(JSON.stringify({ rendererVersion, spriteSide, versions, icons })).digest("hex");
}

function drawingOf(set: IconSet, style: Style, icon: string): string {
	const found = set.icons[icon] ?? set.icons[set.aliases[icon]?.parent ?? ""];
	if (found === undefined) {
		const message = `Icon set ${style} has no icon "${icon}"; install the version that package-lock.json names.`;
		throw new MithridateError("invalid-data", message, { subject: `${style}/${icon}` });
	}
	const size = `viewBox="0 0 ${found.width ?? set.width} ${found.height ?? set.height}"`;
	const names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
	return `<svg ${names} width="${canvasSide}" height="${canvasSide}" ${size}>${found.body}</svg>`;
}

/** Smallest rectangle that holds every pixel of noticeable opacity, so that "large" means the same in every set. */
function outline(rgba: Uint8Array): { left: number; top: number; width: number; height: number } {
	let [left, top, right, bottom] = [canvasSide, canvasSide, -1, -1];
	for (let y = 0; y < canvasSide; y++) {
		for (let x = 0; x < canvasSide; x++) {
			if (rgba[(y * canvasSide + x) * 4 + 3]! < 16) continue;
			if (x < left) left = x;
			if (x > right) right = x;
			if (y < top) top = y;
			bottom = y;
		}
	}
	return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The outlined part in the middle of a sprite, as large as fits: each pixel is the mean of 2 x 2 points of the canvas. */
function shrink(canvas: Uint8Array): Uint8Array {
	const { left, top, width, height } = outline(canvas);
	const step = Math.max(width, height) / (2 * spriteSide);
	const firstX = left + width / 2 - spriteSide * step;
	const firstY = top + height / 2 - spriteSide * step;
	const sums = new Float64Array(spriteBytes);
	for (let row = 0; row < 2 * spriteSide; row++) {
		const y = Math.floor(firstY + (row + 0.5) * step);
		if (y < top || y >= top + height) continue;
		for (let column = 0; column < 2 * spriteSide; column++) {
			const x = Math.floor(firstX + (column + 0.5) * step);
			if (x < left || x >= left + width) continue;
			const from = (y * canvasSide + x) * 4;
			const to = ((row >> 1) * spriteSide + (column >> 1)) * 4;
			const alpha = canvas[from + 3]!;
			if (alpha === 0) continue;
			sums[to]! += (canvas[from]! * alpha) / 255;
			sums[to + 1]! += (canvas[from + 1]! * alpha) / 255;
			sums[to + 2]! += (canvas[from + 2]! * alpha) / 255;
			sums[to + 3]! += alpha;
		}
	}
	const sprite = new Uint8Array(spriteBytes);
	for (let at = 0; at < spriteBytes; at++) sprite[at] = Math.round(sums[at]! / 4);
	return sprite;
}

async function render(svg: string): Promise<Uint8Array> {
	return shrink(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer());
}

async function* renderAll(signal: AbortSignal | undefined): AsyncGenerator<ProgressEvent, Uint8Array> {
	const sheet = new Uint8Array(styles.length * icons.length * spriteBytes);
	const total = styles.length * icons.length;
	for (const [hand, style] of styles.entries()) {
		const set = iconSet.parse(await readJson(`@iconify-json/${style}/icons.json`));
		for (let first = 0; first < icons.length; first += 64) {
			throwIfAborted(signal);
			const some = icons.slice(first, first + 64);
			const drawn = await Promise.all(some.map((icon) => render(drawingOf(set, style, icon))));
			const row = hand * icons.length + first;
			for (const [at, pixels] of drawn.entries()) sheet.set(pixels, (row + at) * spriteBytes);
			yield { type: "progress", stage: "emoji-pascal: rendering icons", done: row + some.length, total };
		}
	}
	return sheet;
}

/** All sprites, from the cache folder when a whole copy lies there. */
export async function* loadSprites(
	cacheFolder: string | null,
	signal?: AbortSignal,
): AsyncGenerator<ProgressEvent, SpriteSheet> {
	const key = await sheetKey();
	const path = cacheFolder === null ? null : storedPath(cacheFolder, "emoji-sprites", key);
	const lookup = path === null ? { state: "absent" as const } : await readStored(path, sheetHeader);
	let bytes: Uint8Array;
	if (lookup.state === "found" && lookup.stored.bytes.length === styles.length * icons.length * spriteBytes) {
		bytes = lookup.stored.bytes;
	} else {
		if (lookup.state !== "absent") yield damagedNotice("icons");
		bytes = yield* renderAll(signal);
		if (path !== null) await writeStored(path, { header: { icons }, bytes });
	}
	const rows = new Map(icons.map((icon, row) => [icon, row]));
	return {
		key,
		find(style, icon) {
			const row = styles.indexOf(style) * icons.length + rows.get(icon)!;
			return bytes.subarray(row * spriteBytes, (row + 1) * spriteBytes);
		},
	};
}

/** Says that a stored copy failed its checksum and is being made again. */
export function damagedNotice(what: string): ProgressEvent {
	return { type: "progress", stage: `emoji-pascal: stored ${what} were damaged and are made again`, done: 0, total: 1 };
}
