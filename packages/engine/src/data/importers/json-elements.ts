/** Elements of large JSON files, one at a time: annotation files are longer than the longest string there can be. */
import { createReadStream } from "node:fs";
import { MithridateError } from "../../errors.ts";
import { checkEncoding } from "./text.ts";

/** An element of the outermost list (`key` is null) or of a list that is a field of the outermost object. */
export interface JsonElement {
	readonly key: string | null;
	/** Place in its list, from 1. */
	readonly row: number;
	readonly value: unknown;
}

/** Bytes of one element. */
const mostElementBytes = 2 ** 26;

const [quote, backslash, comma] = [34, 92, 44];
const openers = new Set([91, 123]);
const closers = new Set([93, 125]);
const isSpace = (byte: number) => byte === 32 || byte === 9 || byte === 10 || byte === 13;

/** Elements of the file at `path`, only those of `keys` where the outermost value is an object; throws `invalid-data`. */
export async function* jsonElements(
	path: string,
	file: string,
	keys?: readonly string[],
): AsyncGenerator<JsonElement, void> {
	const state = { depth: 0, inString: false, escaped: false, isObject: false, offset: 0 };
	let key: string | null = null;
	let row = 0;
	/** Depth that elements stand at: inside the outermost list, or inside a list of the outermost object. */
	let level = 1;
	let parts: Buffer[] = [];
	let length = 0;
	let started = false;
	/** Whether the bytes at hand belong to something that is wanted. */
	let wanted = true;

	const fail = (why: string) =>
		new MithridateError("invalid-data", `${file} is not JSON of the expected form near byte ${state.offset}: ${why}.`, {
			subject: file,
		});
	const collect = (chunk: Buffer, from: number, to: number) => {
		if (to <= from || !wanted) return;
		parts.push(chunk.subarray(from, to));
		length += to - from;
		if (length > mostElementBytes) throw fail(`an element is longer than ${mostElementBytes} bytes`);
	};
	const take = (): unknown => {
		const text = Buffer.concat(parts).toString("utf8").trim();
		parts = [];
		length = 0;
		if (text === "") return undefined;
		try {
			return JSON.parse(text);
		} catch (error) {
			throw fail((error as Error).message);
		}
	};
	const element = function* (): Generator<JsonElement, void> {
		if (!wanted) return;
		const value = take();
		if (value !== undefined) yield { key, row: ++row, value };
	};

	for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
		if (state.offset === 0) checkEncoding(chunk, file);
		let from = 0;
		for (let at = 0; at < chunk.length; at++) {
			const byte = chunk[at]!;
			if (state.inString) {
				if (state.escaped) state.escaped = false;
				else if (byte === backslash) state.escaped = true;
				else if (byte === quote) state.inString = false;
				continue;
			}
			if (byte === quote) state.inString = true;
			else if (openers.has(byte)) {
				state.depth++;
				if (state.depth === 1) {
					if (started) throw fail("there is more than one value");
					started = true;
					state.isObject = byte === 123;
					level = state.isObject ? 2 : 1;
					from = at + 1;
				} else if (state.isObject && state.depth === 2) {
					// What stands before the list is its name.
					collect(chunk, from, at);
					key = keyOf(Buffer.concat(parts).toString("utf8"));
					parts = [];
					length = 0;
					row = 0;
					wanted = byte === 91 && key !== null && (keys?.includes(key) ?? true);
					from = at + 1;
				}
			} else if (closers.has(byte)) {
				if (state.depth === level && (level === 2 || !state.isObject)) {
					collect(chunk, from, at);
					yield* element();
					from = at + 1;
					wanted = true;
				}
				state.depth--;
				if (state.depth < 0) throw fail("a bracket closes what was not opened");
			} else if (byte === comma && state.depth === level) {
				collect(chunk, from, at);
				yield* element();
				from = at + 1;
			} else if (byte === comma && state.isObject && state.depth === 1) {
				// A field that is no list, or the end of one.
				parts = [];
				length = 0;
				from = at + 1;
			} else if (state.depth === 0 && !isSpace(byte) && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
				throw fail("it does not begin with a list or an object");
		}
		if (state.depth > 0) collect(chunk, from, chunk.length);
		state.offset += chunk.length;
	}
	if (!started || state.depth !== 0) throw fail("it ends too early");
}

/** The last name before a colon. */
function keyOf(text: string): string | null {
	const match = /("(?:[^"\\]|\\.)*")\s*:\s*$/.exec(text);
	return match ? (JSON.parse(match[1]!) as string) : null;
}
