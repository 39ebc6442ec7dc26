/** Draws scenes into RGB bytes with plain arithmetic: grounds, a little noise, and sprites turned, scaled and tinted. */
import type { Random } from "../../random.ts";
import type { Pattern, Placed } from "./scenes.ts";
import { spriteSide } from "./sprites.ts";

export type Rgb = readonly [number, number, number];

/** Drawing surface: size x size x 3 linear sums in [0, 255], rounded to bytes by `toBytes`. */
export interface Canvas {
	readonly size: number;
	readonly values: Float32Array;
}

export function newCanvas(size: number): Canvas {
	return { size, values: new Float32Array(size * size * 3) };
}

/** How much lighter or darker than its colour a pattern is at a point, as a gain. */
function patternGain(pattern: Pattern, size: number, random: Random): (x: number, y: number) => number {
	const turn = random.uniform() * 2 * Math.PI;
	const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
	const period = size * (0.2 + 0.1 * random.uniform());
	if (pattern === "gradient") return (x, y) => 1 + 0.3 * (((x - size / 2) * cos + (y - size / 2) * sin) / size);
	if (pattern === "striped")
		return (x, y) => (Math.sin(((x * cos + y * sin) * 2 * Math.PI) / period) > 0 ? 1.04 : 0.88);
	if (pattern === "spotted") {
		const radius = (period * 0.3) ** 2;
		const centred = (value: number) => (((value % period) + period) % period) - period / 2;
		return (x, y) => (centred(x * cos + y * sin) ** 2 + centred(y * cos - x * sin) ** 2 < radius ? 0.86 : 1.03);
	}
	return () => 1;
}

/** Fills rows `top` to `bottom` (fractions of the side) with a colour in a pattern. */
export function paintGround(
	canvas: Canvas,
	ground: { colour: Rgb; pattern: Pattern; top: number; bottom: number },
	random: Random,
): void {
	const { size, values } = canvas;
	const shift = [0, 1, 2].map(() => 14 * (random.uniform() - 0.5));
	const gain = patternGain(ground.pattern, size, random);
	const last = Math.round(ground.bottom * size);
	for (let y = Math.round(ground.top * size); y < last; y++) {
		for (let x = 0; x < size; x++) {
			const here = gain(x, y);
			const at = (y * size + x) * 3;
			for (let channel = 0; channel < 3; channel++)
				values[at + channel] = (ground.colour[channel]! + shift[channel]!) * here;
		}
	}
}

/** Lays a sprite over the canvas. Small sprites read 3 x 3 points a pixel, so that they shrink without flicker. */
export function paintSprite(canvas: Canvas, sprite: Uint8Array, spot: Placed): void {
	const { size, values } = canvas;
	const side = spot.side * size;
	const perPixel = spriteSide / side;
	const grid = perPixel > 2 ? 3 : perPixel > 1.3 ? 2 : 1;
	const [cos, sin] = [Math.cos(spot.angle) * perPixel, Math.sin(spot.angle) * perPixel];
	const reach = (side / 2) * (Math.abs(Math.cos(spot.angle)) + Math.abs(Math.sin(spot.angle))) + 1;
	const [middleX, middleY] = [spot.x * size, spot.y * size];
	const offsets = Array.from({ length: grid }, (_, at) => (at + 0.5) / grid);
	const points = grid * grid;
	const centre = spriteSide / 2 - 0.5;
	const mirror = spot.flip ? -1 : 1;
	for (let y = Math.max(0, Math.floor(middleY - reach)); y < Math.min(size, middleY + reach); y++) {
		for (let x = Math.max(0, Math.floor(middleX - reach)); x < Math.min(size, middleX + reach); x++) {
			// Sums of bilinear readings, premultiplied. Local numbers, since this is where painting spends its time.
			let red = 0;
			let green = 0;
			let blue = 0;
			let alpha = 0;
			for (let down = 0; down < grid; down++) {
				const dy = y + offsets[down]! - middleY;
				for (let right = 0; right < grid; right++) {
					const dx = x + offsets[right]! - middleX;
					const u = mirror * (dx * cos + dy * sin) + centre;
					const v = dy * cos - dx * sin + centre;
					const left = Math.floor(u);
					const top = Math.floor(v);
					if (left < -1 || left >= spriteSide || top < -1 || top >= spriteSide) continue;
					const across = u - left;
					const below = v - top;
					// Outside of the sprite there is nothing to add.
					for (let row = top < 0 ? 0 : top; row < top + 2 && row < spriteSide; row++) {
						const rowWeight = row === top ? 1 - below : below;
						let at = (row * spriteSide + left) * 4;
						if (left >= 0) {
							const weight = rowWeight * (1 - across);
							red += weight * sprite[at]!;
							green += weight * sprite[at + 1]!;
							blue += weight * sprite[at + 2]!;
							alpha += weight * sprite[at + 3]!;
						}
						at += 4;
						if (left + 1 < spriteSide) {
							const weight = rowWeight * across;
							red += weight * sprite[at]!;
							green += weight * sprite[at + 1]!;
							blue += weight * sprite[at + 2]!;
							alpha += weight * sprite[at + 3]!;
						}
					}
				}
			}
			if (alpha === 0) continue;
			const cover = 1 - alpha / (255 * points);
			const at = (y * size + x) * 3;
			values[at] = values[at]! * cover + (red / points) * spot.tint[0];
			values[at + 1] = values[at + 1]! * cover + (green / points) * spot.tint[1];
			values[at + 2] = values[at + 2]! * cover + (blue / points) * spot.tint[2];
		}
	}
}

/** Largest noise added to a channel, in steps of 1/255. */
const noiseReach = 4;

/** Rounds the canvas into `target`, with a little grain from a tile that starts somewhere else each time. */
export function toBytes(canvas: Canvas, tile: Float32Array, target: Uint8ClampedArray, random: Random): void {
	let grain = random.integer(tile.length);
	for (let at = 0; at < target.length; at++) {
		target[at] = canvas.values[at]! + tile[grain]! * noiseReach;
		grain = grain + 1 === tile.length ? 0 : grain + 1;
	}
}

/** Uniform values in [-1, 1); an odd length, so that rows do not line up. */
export function noiseTile(random: Random): Float32Array {
	return Float32Array.from({ length: 10007 }, () => 2 * random.uniform() - 1);
}
