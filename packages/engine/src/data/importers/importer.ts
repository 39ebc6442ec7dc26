/** The contract of an importer: it reads a data set as its owner distributes it and tells of it row by row, the bad rows included. */
import type { z } from "zod";
import type { Random } from "../../random.ts";

export const splitNames = ["train", "test", "trusted"] as const;
export type SplitName = (typeof splitNames)[number];

/** Where an encoded image comes from; it is only read when its turn to be decoded comes. */
export interface ImageSource {
	/** Bytes of the encoded image, without reading it where that is possible. */
	length(): Promise<number>;
	/** Throws `SourceFault` when there is no such image. */
	load(): Promise<Uint8Array>;
}

/** Where in its source something was found, so that a person can mend it. Rows count from 1. */
export interface Place {
	readonly file: string;
	readonly row: number;
}

/** One image with its captions. */
export interface ImportedRow extends Place {
	readonly type: "row";
	/** Unlike every other id of the set. */
	readonly id: string;
	readonly split: SplitName;
	readonly label: string | null;
	readonly captions: readonly string[];
	readonly image: ImageSource;
}

/** A row that was left out, and why. */
export interface BadRow extends Place {
	readonly type: "bad-row";
	/** Column or field, where one is to blame. */
	readonly column?: string;
	/** Short and stable, such as `image-missing`. */
	readonly reason: string;
	readonly detail: string;
}

/** How many rows there will be, as soon as the importer knows. */
export interface RowTotal {
	readonly type: "total";
	readonly rows: number;
}

export type ImportItem = ImportedRow | BadRow | RowTotal;

export interface ReadContext {
	/** Draws labels and splits: the same seed reads the same set. */
	readonly random: Random;
	readonly signal?: AbortSignal | undefined;
}

/** An importer. `read` yields the same items in the same order each time, or an interrupted import could not go on. */
export interface Importer<Params extends z.ZodType = z.ZodType> {
	readonly description: string;
	/** Who publishes data in this layout, and where it is described. */
	readonly source: string;
	readonly params: Params;
	/** Valid parameters for a form's first values. */
	readonly example: z.input<Params>;
	/** @throws MithridateError `invalid-data` when the set as a whole cannot be read. */
	read(path: string, params: z.output<Params>, context: ReadContext): AsyncGenerator<ImportItem, void>;
}

/** Why one row of a source cannot be taken; becomes a `BadRow` and never ends an import. */
export class SourceFault extends Error {
	override readonly name = "SourceFault";
	readonly reason: string;
	constructor(reason: string, detail: string) {
		super(detail);
		this.reason = reason;
	}
}

/** A bad row made of what was thrown; anything but a `SourceFault` is thrown on. */
export function badRow(error: unknown, place: Place, column?: string): BadRow {
	if (!(error instanceof SourceFault)) throw error;
	const { file, row } = place;
	return { type: "bad-row", file, row, ...(column && { column }), reason: error.reason, detail: error.message };
}
