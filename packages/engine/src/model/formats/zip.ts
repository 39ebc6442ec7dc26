/** The directory of a zip archive without compression, as PyTorch writes it; nothing is unpacked here. */
import type { FileHandle } from "node:fs/promises";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";
import { readRange } from "./tensor-file.ts";

/** A file of the archive: its bytes lie as they are between two places. */
export interface ZipEntry {
	readonly name: string;
	readonly size: number;
	/** Its bytes, from `start` to `end` of the entry, or all of them. */
	read(start?: number, end?: number): Promise<Uint8Array>;
}

const maxEntries = 25_000;
const maxDirectoryBytes = 16 * 1024 * 1024;
/** Sizes of the fixed parts, and their first four bytes read as a little-endian number. */
const endRecord = { size: 22, signature: 0x06054b50 };
const locator64 = { size: 20, signature: 0x07064b50 };
const endRecord64 = { size: 56, signature: 0x06064b50 };
const centralHeader = { size: 46, signature: 0x02014b50 };
const localHeader = { size: 30, signature: 0x04034b50 };
/** In a field of 32 bits: the value stands in the 64-bit extra field. */
const seeExtra = 0xffffffff;

/** Entries by name. Throws `InvalidCheckpoint` for a damaged or compressed archive. */
export async function readZip(
	{ handle, length }: { handle: FileHandle; length: number },
	source: string,
): Promise<ReadonlyMap<string, ZipEntry>> {
	const bad = (problem: string) => new InvalidCheckpoint("bad-zip", `${source}: ${problem}.`, { subject: source });
	const view = async (start: number, size: number): Promise<DataView> => {
		if (!(Number.isSafeInteger(start) && start >= 0 && start + size <= length))
			throw bad(`the archive points at bytes ${start} to ${start + size} of ${length}`);
		return new DataView((await readRange(handle, start, start + size)).buffer);
	};
	const { at, size, count } = await findDirectory(view, length, bad);
	if (count > maxEntries) throw bad(`the archive lists ${count} files; at most ${maxEntries} are allowed`);
	if (size > maxDirectoryBytes)
		throw bad(`the archive's directory has ${size} bytes; at most ${maxDirectoryBytes} are`);

	const directory = await view(at, size);
	const entries = new Map<string, ZipEntry>();
	let cursor = 0;
	for (let index = 0; index < count; index++) {
		if (cursor + centralHeader.size > size || directory.getUint32(cursor, true) !== centralHeader.signature)
			throw bad(`entry ${index} of the archive's directory is damaged`);
		const field = (offset: number) => directory.getUint16(cursor + offset, true);
		const [nameLength, extraLength, commentLength] = [field(28), field(30), field(32)];
		const end = cursor + centralHeader.size + nameLength + extraLength + commentLength;
		if (end > size) throw bad(`entry ${index} of the archive's directory is cut short`);
		const bytes = (offset: number, many: number) => new Uint8Array(directory.buffer, cursor + offset, many);
		const name = new TextDecoder().decode(bytes(centralHeader.size, nameLength));
		if (entries.has(name)) throw bad(`${name} is in the archive twice`);
		const place = placeOf(directory, cursor, bytes(centralHeader.size + nameLength, extraLength));
		const compressed = field(10) !== 0;
		if (!place || (place.size !== place.packed && !compressed)) throw bad(`the sizes of ${name} contradict each other`);
		entries.set(name, {
			name,
			size: place.size,
			async read(start = 0, stop = place.size) {
				if (compressed)
					throw new InvalidCheckpoint(
						"compressed-zip",
						`${source}: ${name} is compressed; PyTorch stores weights as they are.`,
						{ subject: name },
					);
				const local = await view(place.offset, localHeader.size);
				if (local.getUint32(0, true) !== localHeader.signature) throw bad(`${name} does not begin where it should`);
				const data = place.offset + localHeader.size + local.getUint16(26, true) + local.getUint16(28, true);
				if (start < 0 || start > stop || stop > place.size) throw bad(`${name} has no bytes ${start} to ${stop}`);
				return new Uint8Array((await view(data + start, stop - start)).buffer);
			},
		});
		cursor = end;
	}
	return entries;
}

type Look = (start: number, size: number) => Promise<DataView>;

/** Where the list of entries lies. The record that says so ends the file, before a comment of at most 65,535 bytes. */
async function findDirectory(view: Look, length: number, bad: (problem: string) => InvalidCheckpoint) {
	if (length < endRecord.size) throw bad(`the file has ${length} bytes, too few for an archive`);
	const tailLength = Math.min(length, endRecord.size + 0xffff);
	const tail = await view(length - tailLength, tailLength);
	let end = tailLength - endRecord.size;
	while (end >= 0 && tail.getUint32(end, true) !== endRecord.signature) end--;
	if (end < 0) throw bad("the file is no archive: it has no end record");
	const found = {
		count: tail.getUint16(end + 10, true),
		size: tail.getUint32(end + 12, true),
		at: tail.getUint32(end + 16, true),
	};
	if (found.count !== 0xffff && found.size !== seeExtra && found.at !== seeExtra) return found;
	const locator = await view(length - tailLength + end - locator64.size, locator64.size);
	if (locator.getUint32(0, true) !== locator64.signature) throw bad("the archive's 64-bit end record is missing");
	const record = await view(Number(locator.getBigUint64(8, true)), endRecord64.size);
	if (record.getUint32(0, true) !== endRecord64.signature) throw bad("the archive's 64-bit end record is damaged");
	const number = (offset: number) => Number(record.getBigUint64(offset, true));
	return { count: number(32), size: number(40), at: number(48) };
}

/** An entry's sizes and offset, from the 64-bit extra field where the short ones are full; null if that is missing. */
function placeOf(directory: DataView, cursor: number, extra: Uint8Array) {
	const short = [24, 20, 42].map((offset) => directory.getUint32(cursor + offset, true));
	const fields = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
	const wide: number[] = [];
	for (let at = 0; at + 4 <= extra.length; ) {
		const length = fields.getUint16(at + 2, true);
		if (fields.getUint16(at, true) === 1)
			for (let each = 0; each + 8 <= length && at + 4 + each + 8 <= extra.length; each += 8)
				wide.push(Number(fields.getBigUint64(at + 4 + each, true)));
		at += 4 + length;
	}
	const [size, packed, offset] = short.map((value) => (value === seeExtra ? wide.shift() : value));
	if (size === undefined || packed === undefined || offset === undefined) return null;
	return { size, packed, offset };
}
