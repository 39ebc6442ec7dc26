/** Golden numbers of a reference implementation, with the limits per tensor that came with them. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { endPosition } from "../data/tokenizer.ts";
import { decodeFloats, readSafetensors } from "./safetensors.ts";

const limitsSchema = z.record(z.string(), z.object({ atol: z.number(), tight: z.number() }));

/** Opens a folder of `fixtures/parity`; limits are 20 times what PyTorch's float32 is off by. */
export function openGolden(name: "vit" | "resnet") {
	const folder = resolve(import.meta.dirname, "../../fixtures/parity", name);
	const { tensors } = readSafetensors(readFileSync(join(folder, "expected.safetensors")), "expected.safetensors");
	const limits = limitsSchema.parse(JSON.parse(readFileSync(join(folder, "tolerances.json"), "utf8")));
	const stored = (tensor: string) => {
		const found = tensors.get(tensor);
		if (!found) throw new Error(`There is no golden ${tensor}.`);
		return found;
	};
	return {
		folder,
		names: [...tensors.keys()],
		stored,
		/** Every element within `atol`, 99 % of them within `tight`. */
		expectGolden(tensor: string, actual: ArrayLike<number>): void {
			const { data } = decodeFloats(stored(tensor), tensor);
			const { atol, tight } = limits[tensor]!;
			const off = Array.from(data, (value, at) => Math.abs(value - actual[at]!));
			expect(actual.length, tensor).toBe(data.length);
			expect(Math.max(...off), `largest error of ${tensor}`).toBeLessThanOrEqual(atol);
			expect(off.filter((error) => !(error <= tight)).length, `loose elements of ${tensor}`).toBeLessThanOrEqual(
				data.length / 100,
			);
		},
		/** A stored batch as the towers take it: channels last, and the position of each end token. */
		batch(prefix: string, eosTokenId: number) {
			const pixels = decodeFloats(stored(`${prefix}pixel_values`), "pixel_values");
			const ids = stored(`${prefix}input_ids`);
			const [rows, length] = ids.shape as [number, number];
			const area = pixels.shape[2]! * pixels.shape[3]!;
			const images = pixels.data.map((_, at) => {
				const [image, within] = [Math.floor(at / (3 * area)), at % (3 * area)];
				return pixels.data[image * 3 * area + (within % 3) * area + Math.floor(within / 3)]!;
			});
			const tokens = new Int32Array(new Uint8Array(ids.bytes).buffer);
			const ends = Int32Array.from({ length: rows }, (_, row) =>
				endPosition(tokens.subarray(row * length, (row + 1) * length), eosTokenId),
			);
			return { rows, length, images, tokens, ends };
		},
	};
}
