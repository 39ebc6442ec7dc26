/** Lines of a file as bytes, in bounded memory: only "\n" ends a line, and one that is too long is told of, not held. */
import { createReadStream } from "node:fs";

export interface Line {
	/** Counts from 1. */
	readonly row: number;
	/** Without the line end; null when the line is longer than allowed. */
	readonly bytes: Buffer | null;
	/** False for a last line without "\n". */
	readonly ended: boolean;
}

/** The lines of the file at `path`; at most `mostBytes` of each are held. */
export async function* readLines(path: string, mostBytes = Number.POSITIVE_INFINITY): AsyncGenerator<Line, void> {
	let parts: Buffer[] = [];
	let held = 0;
	let row = 1;
	const take = (part: Buffer) => {
		held += part.length;
		if (held <= mostBytes) parts.push(part);
		else parts = [];
	};
	const finish = (ended: boolean): Line => {
		const bytes = held > mostBytes ? null : parts.length === 1 ? parts[0]! : Buffer.concat(parts);
		parts = [];
		held = 0;
		return { row: row++, bytes, ended };
	};
	for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 18 }) as AsyncIterable<Buffer>) {
		let from = 0;
		for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
			take(chunk.subarray(from, end));
			from = end + 1;
			yield finish(true);
		}
		if (from < chunk.length) take(chunk.subarray(from));
	}
	if (held > 0) yield finish(false);
}
