/** Reads plain files out of a tar stream. Nothing is written, and what is no plain file is only told of: there is no link code to get wrong. */
import { createReadStream } from "node:fs";
import { MithridateError } from "../../errors.ts";
import { mostImageBytes } from "../images/limits.ts";
import { SourceFault } from "./importer.ts";
import { checkName } from "./source-folder.ts";

/** A plain file, or why an entry is not taken. */
export interface TarEntry {
	/** Counts from 1. */
	readonly row: number;
	readonly name: string;
	readonly content: Buffer | SourceFault;
}

const block = 512;
const mostEntries = 1_000_000;
const mostHeaderBytes = 2 ** 20;

/** Entries of the archive at `path`, called `file`. Throws `invalid-data` when it is no tar file or breaks off. */
export async function* readTar(path: string, file: string): AsyncGenerator<TarEntry, void> {
	const reader = byteReader(path);
	const fail = (why: string) =>
		new MithridateError("invalid-data", `${file} cannot be read as a tar archive: ${why}. Fetch or pack it anew.`, {
			subject: file,
		});
	let longName: string | null = null;
	let longSize: number | null = null;
	let row = 0;
	for (;;) {
		const header = await reader.take(block);
		if (header === null || header.every((byte) => byte === 0)) break;
		if (header.length < block) throw fail("it breaks off in a header");
		if (!hasChecksum(header))
			throw fail(row === 0 ? "it is none, or it is compressed (unpack .gz first)" : `entry ${row + 1} is damaged`);
		const kind = String.fromCharCode(header[156]!);
		const size: number = longSize ?? numberAt(header, 124, 12);
		if (!Number.isSafeInteger(size) || size < 0) throw fail(`entry ${row + 1} has no length`);
		const padded = Math.ceil(size / block) * block;
		if (kind === "x" || kind === "g" || kind === "L") {
			if (size > mostHeaderBytes) throw fail("a name is too long");
			const bytes = await reader.take(padded);
			if (bytes === null || bytes.length < padded) throw fail("it breaks off in a name");
			const text = bytes.toString("utf8", 0, size);
			if (kind === "L") longName = text.replace(/\0.*$/s, "");
			if (kind === "x") [longName, longSize] = [paxField(text, "path") ?? longName, numberOf(paxField(text, "size"))];
			continue;
		}
		if (++row > mostEntries) throw fail(`it has more than ${mostEntries} entries`);
		const name = longName ?? nameOf(header);
		[longName, longSize] = [null, null];
		const fault = faultOf(kind, name, size);
		if (fault === null) {
			const bytes = await reader.take(padded);
			if (bytes === null || bytes.length < padded) throw fail(`entry ${row} (${name.slice(0, 100)}) breaks off`);
			yield { row, name, content: bytes.subarray(0, size) };
		} else {
			// Only plain files have content; a link that claims some does not get to hide an entry in it.
			if (isPlain(kind) && !(await reader.skip(padded))) throw fail(`entry ${row} breaks off`);
			if (kind !== "5") yield { row, name: name.slice(0, 200), content: fault };
		}
	}
	reader.close();
}

function isPlain(kind: string): boolean {
	return kind === "0" || kind === "\0" || kind === "7";
}

const kinds: Readonly<Record<string, string>> = {
	"1": "a hard link",
	"2": "a symbolic link",
	"3": "a device",
	"4": "a device",
	"6": "a pipe",
};

function faultOf(kind: string, name: string, size: number): SourceFault | null {
	if (kind === "5") return new SourceFault("archive-entry", "a folder");
	if (!isPlain(kind))
		return new SourceFault("archive-entry", `${kinds[kind] ?? "an entry of unknown kind"}, not a file`);
	if (size > mostImageBytes) return new SourceFault("image-too-large", `${size} bytes; the limit is ${mostImageBytes}`);
	try {
		checkName(name.replace(/^\.\//, ""));
		return null;
	} catch (error) {
		return error as SourceFault;
	}
}

/** Sum of the header's bytes, its checksum taken as spaces. */
function hasChecksum(header: Buffer): boolean {
	let sum = 0;
	for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
	return sum === numberAt(header, 148, 8);
}

/** A number in octal, or in base 256 when its first bit is set. */
function numberAt(header: Buffer, from: number, length: number): number {
	if ((header[from]! & 0x80) !== 0) {
		let value = BigInt(header[from]! & 0x7f);
		for (let at = from + 1; at < from + length; at++) value = (value << 8n) | BigInt(header[at]!);
		return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Number.NaN;
	}
	const text = header
		.toString("latin1", from, from + length)
		.replace(/\0.*$/s, "")
		.trim();
	return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

function nameOf(header: Buffer): string {
	const part = (from: number, length: number) => header.toString("utf8", from, from + length).replace(/\0.*$/s, "");
	const prefix = header.toString("latin1", 257, 262) === "ustar" ? part(345, 155) : "";
	return prefix === "" ? part(0, 100) : `${prefix}/${part(0, 100)}`;
}

/** A field of a pax header: lines of `length key=value`. */
function paxField(text: string, name: string): string | null {
	return new RegExp(`^\\d+ ${name}=(.*)$`, "m").exec(text)?.[1] ?? null;
}

function numberOf(text: string | null): number | null {
	return text === null ? null : Number(text);
}

/** Bytes of a file in the pieces that are asked for. */
function byteReader(path: string) {
	const stream = createReadStream(path, { highWaterMark: 2 ** 20 });
	const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	let held: Buffer[] = [];
	let length = 0;
	const fill = async (count: number) => {
		while (length < count) {
			const { done, value } = await chunks.next();
			if (done) return;
			held.push(value);
			length += value.length;
		}
	};
	return {
		/** `count` bytes, fewer at the end, null behind it. */
		async take(count: number): Promise<Buffer | null> {
			await fill(count);
			if (length === 0 && count > 0) return null;
			const all = held.length === 1 ? held[0]! : Buffer.concat(held);
			held = [all.subarray(count)];
			length = Math.max(0, all.length - count);
			return all.subarray(0, count);
		},
		/** False when there are not so many. */
		async skip(count: number): Promise<boolean> {
			for (let left = count; left > 0; ) {
				const part = await this.take(Math.min(left, 2 ** 20));
				if (part === null) return false;
				left -= part.length;
			}
			return true;
		},
		close: () => stream.destroy(),
	};
}
