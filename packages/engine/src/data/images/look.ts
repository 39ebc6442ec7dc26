/** What a picture looks like, in 64 bits: equal pictures stay close after resizing and compression anew. */

const side = 32;
const kept = 8;

/** Rows of the discrete cosine transform of `side` values, the `kept` lowest frequencies after the constant one. */
const waves = Array.from({ length: kept }, (_, k) =>
	Float64Array.from({ length: side }, (_, x) => Math.cos((Math.PI * (k + 1) * (2 * x + 1)) / (2 * side))),
);

/** Mean luma of each cell of a `side` x `side` grid over a square RGB image. */
function smallGrey(pixels: Uint8Array, size: number): Float64Array {
	const sums = new Float64Array(side * side);
	const counts = new Float64Array(side * side);
	const cells = Math.max(size, side);
	for (let y = 0; y < cells; y++) {
		const from = Math.floor((y * size) / cells) * size;
		const to = Math.floor((y * side) / cells) * side;
		for (let x = 0; x < cells; x++) {
			const at = (from + Math.floor((x * size) / cells)) * 3;
			const cell = to + Math.floor((x * side) / cells);
			sums[cell]! += 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
			counts[cell]! += 1;
		}
	}
	return sums.map((sum, cell) => sum / counts[cell]!);
}

/** Perceptual hash of a square RGB image, 16 hexadecimal digits: signs of low frequencies against their median (Zauner 2010). */
export function lookOf(pixels: Uint8Array, size: number): string {
	const grey = smallGrey(pixels, size);
	const values = new Float64Array(kept * kept);
	for (let v = 0; v < kept; v++) {
		const columns = new Float64Array(side);
		for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) columns[x]! += waves[v]![y]! * grey[y * side + x]!;
		for (let u = 0; u < kept; u++) for (let x = 0; x < side; x++) values[v * kept + u]! += waves[u]![x]! * columns[x]!;
	}
	const sorted = values.toSorted();
	const median = (sorted[31]! + sorted[32]!) / 2;
	let hash = 0n;
	for (const value of values) hash = (hash << 1n) | (value > median ? 1n : 0n);
	return hash.toString(16).padStart(16, "0");
}

/** Many looks, to be asked whether one of them is near another. */
export function looksLike(known: readonly string[], mostBits: number): (look: string) => boolean {
	const words = Int32Array.from(known.flatMap(wordsOf));
	return (look) => {
		const [high, low] = wordsOf(look);
		for (let at = 0; at < words.length; at += 2)
			if (bits(words[at]! ^ high) + bits(words[at + 1]! ^ low) <= mostBits) return true;
		return false;
	};
}

function wordsOf(look: string): [number, number] {
	return [Number.parseInt(look.slice(0, 8), 16) | 0, Number.parseInt(look.slice(8), 16) | 0];
}

/** Ones of a 32-bit word. */
function bits(word: number): number {
	let rest = word - ((word >>> 1) & 0x55555555);
	rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
	return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
