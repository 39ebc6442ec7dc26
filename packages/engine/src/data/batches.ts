/** The only place where pairs become tensors: lookup of pixels, token tables, the order of an epoch. */
import { MithridateError } from "../errors.ts";
import type { Random } from "../random.ts";
import type { ImageStore, Sample } from "../types.ts";
import { cropImage, drawBox } from "./crop.ts";
import { imageAt } from "./image-at.ts";
import { endPosition, type Tokenizer } from "./tokenizer.ts";
import { otherCaption, otherImage } from "./views.ts";

/** What a model says of its inputs; every ClipModel does. */
export interface InputFormat {
	readonly tokenizer: Tokenizer;
	/** Per channel, in red, green, blue order. */
	readonly preprocess: { readonly mean: readonly number[]; readonly std: readonly number[] };
	readonly config: {
		readonly vision: { readonly imageSize: number };
		readonly text: { readonly context: number; readonly eosTokenId: number };
	};
}

/** Token ids of many texts, padded to the context with the end token. */
export interface TokenTable {
	readonly count: number;
	readonly context: number;
	/** [count, context]. */
	readonly ids: Int32Array;
	/** [count]: the position each text is read at. */
	readonly ends: Int32Array;
}

/** Inputs of the text tower for some rows of a table, cut after the longest text. */
export interface TextArrays {
	readonly length: number;
	/** [rows, length]. */
	readonly tokens: Int32Array;
	/** [rows]. */
	readonly ends: Int32Array;
}

/** One batch of pairs, ready to run. */
export interface PairBatch extends TextArrays {
	/** [rows, size, size, 3], normalised. */
	readonly images: Float32Array;
	/** Second views of the same pairs, where training asks for them; texts have as many columns. */
	readonly views?: Omit<PairBatch, "views">;
}

/** Every (image, caption) of some samples, addressed by a running number. */
export interface Pairs {
	readonly count: number;
	/** All pairs in the order of one epoch; the same stream and epoch always give the same order. */
	order(random: Random, epoch: number): readonly number[];
	/** Columns that the texts of `pairs` need. */
	textLength(pairs: readonly number[]): number;
	/**
	 * The batch made of `pairs`; where images are augmented, by what `random` draws for each pair. `length` asks for more
	 * columns of text than they need. `spent` is a batch that nobody needs any more: its images are overwritten, for a new
	 * array of megabytes for each step keeps the garbage collector busy.
	 */
	assemble(pairs: readonly number[], random: Random, length?: number, spent?: PairBatch): PairBatch;
}

/** Tokenizes captions with the model's own vocabulary, cut to its context or to `most` tokens if that is less. */
export function tokenizeTexts(model: InputFormat, texts: readonly string[], most?: number | null): TokenTable {
	const { eosTokenId } = model.config.text;
	const context = Math.min(model.config.text.context, most ?? Number.POSITIVE_INFINITY);
	const ids = new Int32Array(texts.length * context).fill(model.tokenizer.endId);
	const ends = new Int32Array(texts.length);
	for (const [row, text] of texts.entries()) {
		const encoded = model.tokenizer.encode(text, context);
		ids.set(encoded, row * context);
		ends[row] = endPosition(encoded, eosTokenId);
	}
	return { count: texts.length, context, ids, ends };
}

/**
 * Rows of a table without the columns after the longest text. Exact: attention is causal, so nothing behind the end token
 * reaches it. `length` asks for more columns than that.
 */
export function assembleTexts(table: TokenTable, rows: readonly number[], length?: number): TextArrays {
	const ends = Int32Array.from(rows, (row) => table.ends[row]!);
	const columns = length ?? textLength(table, rows);
	const tokens = new Int32Array(rows.length * columns);
	for (const [at, row] of rows.entries())
		tokens.set(table.ids.subarray(row * table.context, row * table.context + columns), at * columns);
	return { length: columns, tokens, ends };
}

/** Columns that the longest text of `rows` needs, up to its end token. */
export function textLength(table: TokenTable, rows: readonly number[]): number {
	let longest = 0;
	for (const row of rows) longest = Math.max(longest, table.ends[row]! + 1);
	return longest;
}

/** Normalised values of the 256 bytes of each channel: [256, 3]. */
export function pixelTable({ mean, std }: InputFormat["preprocess"]): Float32Array {
	return Float32Array.from({ length: 256 * 3 }, (_, at) => (Math.floor(at / 3) / 255 - mean[at % 3]!) / std[at % 3]!);
}

/**
 * Images of a store as the image tower takes them: [rows, size, size, 3], normalised by `table`. `change` gives other
 * pixels for the image at a place of `rows`; `into` is an array of the right size to write to.
 */
export function assembleImages(
	images: ImageStore,
	rows: readonly number[],
	{
		table,
		change,
		into,
	}: {
		table: Float32Array;
		change?: (pixels: Uint8Array, at: number) => Uint8Array;
		into?: Float32Array | undefined;
	},
): Float32Array {
	const stride = images.size * images.size * 3;
	const values = into?.length === rows.length * stride ? into : new Float32Array(rows.length * stride);
	for (const [at, row] of rows.entries()) {
		const pixels = change ? change(imageAt(images, row), at) : imageAt(images, row);
		const to = at * stride;
		for (let offset = 0; offset < stride; offset += 3) {
			values[to + offset] = table[pixels[offset]! * 3]!;
			values[to + offset + 1] = table[pixels[offset + 1]! * 3 + 1]!;
			values[to + offset + 2] = table[pixels[offset + 2]! * 3 + 2]!;
		}
	}
	return values;
}

/** Throws `invalid-data` unless the store holds what the model takes. */
export function checkImages(model: InputFormat, images: ImageStore): void {
	const { imageSize } = model.config.vision;
	if (images.size !== imageSize)
		throw new MithridateError(
			"invalid-data",
			`The images are ${images.size} pixels wide; the model takes ${imageSize}.`,
			{
				subject: "images.size",
			},
		);
	if (!("pixels" in images)) return;
	const bytes = images.count * images.size * images.size * 3;
	if (images.pixels.length !== bytes)
		throw new MithridateError("invalid-data", `The image store holds ${images.pixels.length} bytes, not ${bytes}.`, {
			subject: "images.pixels",
		});
}

/** What pairs are made of. */
export interface PairSource {
	readonly images: ImageStore;
	readonly samples: readonly Sample[];
	/** Tokens of a caption, if fewer than the model's context. */
	readonly context?: number | null;
	readonly augmentation?: "none" | "random-resized-crop";
	/** Whether batches carry second views. */
	readonly hasViews?: boolean;
}

/** The pairs of some samples: one for each caption, so that an image with five captions is seen five times an epoch. */
export function createPairs(model: InputFormat, source: PairSource): Pairs {
	const { images, samples, context, augmentation = "none", hasViews = false } = source;
	checkImages(model, images);
	const imageOf: number[] = [];
	const captions: string[] = [];
	for (const { id, image, captions: own } of samples) {
		if (!Number.isInteger(image) || image < 0 || image >= images.count)
			throw new MithridateError("invalid-data", `Sample ${id} names image ${image} of ${images.count}.`, {
				subject: id,
			});
		for (const caption of own) {
			imageOf.push(image);
			captions.push(caption);
		}
	}
	const table = tokenizeTexts(model, captions, context);
	const lookup = pixelTable(model.preprocess);
	return {
		count: captions.length,
		order: (random, epoch) =>
			random.split(`epoch/${epoch}`).shuffle(Array.from({ length: captions.length }, (_, pair) => pair)),
		textLength: (pairs) => textLength(table, pairs),
		assemble(pairs, random, length, spent) {
			const rows = pairs.map((pair) => imageOf[pair]!);
			const crop = (pixels: Uint8Array, at: number) =>
				cropImage(pixels, images.size, drawBox(images.size, random.split(String(pairs[at]))));
			const change = augmentation === "none" ? {} : { change: crop };
			const texts = assembleTexts(table, pairs, length);
			const plain = {
				...texts,
				images: assembleImages(images, rows, { table: lookup, into: spent?.images, ...change }),
			};
			if (!hasViews) return plain;
			const stream = (kind: string, pair: number) => random.split(`${kind}-view/${pair}`);
			const changed = (pixels: Uint8Array, at: number) => otherImage(pixels, images.size, stream("image", pairs[at]!));
			const said = pairs.map((pair) => otherCaption(captions[pair]!, stream("caption", pair)));
			// Words are lost or swapped and never added, so the columns of the captions themselves suffice.
			const others = tokenizeTexts(model, said, texts.length);
			return {
				...plain,
				views: {
					...assembleTexts(others, [...said.keys()], texts.length),
					images: assembleImages(images, rows, { table: lookup, into: spent?.views?.images, change: changed }),
				},
			};
		},
	};
}
