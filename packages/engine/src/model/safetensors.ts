/** Reads and writes safetensors files; every fault of a file is an `invalid-checkpoint` that names the tensor. */
import { endianness } from "node:os";
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { HostTensor } from "../types.ts";

/** A longer header is refused before it is parsed; the largest published CLIP's is below 100 kB. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024;

const BYTES_PER_ELEMENT: Readonly<Record<string, number>> = {
	BOOL: 1,
	U8: 1,
	I8: 1,
	I16: 2,
	U16: 2,
	F16: 2,
	BF16: 2,
	I32: 4,
	U32: 4,
	F32: 4,
	F64: 8,
	I64: 8,
	U64: 8,
};

/** One tensor as stored. */
export interface StoredTensor {
	readonly dtype: string;
	readonly shape: readonly number[];
	/** Little-endian, row-major. */
	readonly bytes: Uint8Array;
}

export interface SafetensorsFile {
	readonly tensors: ReadonlyMap<string, StoredTensor>;
	readonly metadata: Readonly<Record<string, string>>;
}

const extent = z.int().nonnegative();
const entrySchema = z.strictObject({
	dtype: z.string(),
	shape: z.array(extent),
	data_offsets: z.tuple([extent, extent]),
});
const metadataSchema = z.record(z.string(), z.string());

/** Parses a whole file; the tensors' bytes are views of `file`. `source` names the file in messages. */
export function readSafetensors(file: Uint8Array, source: string): SafetensorsFile {
	const fault = (problem: string, subject?: string, cause?: unknown) =>
		new MithridateError("invalid-checkpoint", `${source}: ${problem}.`, { subject: subject ?? source, cause });
	if (file.length < 8)
		throw fault(`the file is cut short: ${file.length} bytes, and the header's length alone takes 8`);
	const headerLength = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
	if (headerLength > MAX_HEADER_BYTES)
		throw fault(`the header claims ${headerLength} bytes; at most ${MAX_HEADER_BYTES} are allowed`);
	const start = 8 + Number(headerLength);
	if (start > file.length)
		throw fault(`the file is cut short: the header ends at ${start}, the file at ${file.length}`);

	const header = parseHeader(file.subarray(8, start), fault);
	const { __metadata__: rawMetadata, ...entries } = header;
	const metadata = metadataSchema.safeParse(rawMetadata ?? {});
	if (!metadata.success) throw fault("the metadata is not a table of strings", "__metadata__");

	const body = file.subarray(start);
	const tensors = new Map<string, StoredTensor>();
	const ranges: { name: string; begin: number; end: number }[] = [];
	for (const [name, raw] of Object.entries(entries)) {
		const entry = entrySchema.safeParse(raw);
		if (!entry.success) throw fault(`the header entry of ${name} is malformed`, name, entry.error);
		const {
			dtype,
			shape,
			data_offsets: [begin, end],
		} = entry.data;
		const width = BYTES_PER_ELEMENT[dtype];
		if (width === undefined) throw fault(`${name} has the unknown element type ${dtype}`, name);
		const size = shape.reduce((product, side) => product * side, width);
		if (end > body.length) throw fault(`${name} ends at byte ${end}, beyond the ${body.length} bytes of data`, name);
		if (end - begin !== size)
			throw fault(`${name} takes ${end - begin} bytes, but ${dtype} [${shape.join(", ")}] needs ${size}`, name);
		tensors.set(name, { dtype, shape, bytes: body.subarray(begin, end) });
		ranges.push({ name, begin, end });
	}
	ranges.sort((left, right) => left.begin - right.begin || left.end - right.end);
	let covered = 0;
	for (const { name, begin, end } of ranges) {
		if (begin < covered) throw fault(`${name} overlaps the tensor before it`, name);
		if (begin > covered) throw fault(`${begin - covered} bytes before ${name} belong to no tensor`, name);
		covered = end;
	}
	if (covered !== body.length) throw fault(`${body.length - covered} bytes at the end belong to no tensor`);
	return { tensors, metadata: metadata.data };
}

/** Values of a float tensor (F32, F16 or BF16) as float32. Throws `invalid-checkpoint` for other element types. */
export function decodeFloats(tensor: StoredTensor, name: string): HostTensor {
	const { dtype, shape, bytes } = tensor;
	// A copy, aligned for any element width; Buffer.slice would be a view.
	const { buffer } = new Uint8Array(bytes);
	if (dtype === "F32") return { shape, data: littleEndian(new Float32Array(buffer)) };
	if (dtype === "F16") return { shape, data: Float32Array.from(littleEndian(new Float16Array(buffer))) };
	if (dtype === "BF16") {
		const words = littleEndian(new Uint16Array(buffer));
		return { shape, data: new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer) };
	}
	throw new MithridateError("invalid-checkpoint", `${name} is stored as ${dtype}; F32, F16 and BF16 can be read.`, {
		subject: name,
	});
}

/** The bytes of a file with the tensors in the order of their names, as F32 or F16. */
export function writeSafetensors(
	tensors: Readonly<Record<string, HostTensor>>,
	{ half = false, metadata }: { half?: boolean; metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array {
	const width = half ? 2 : 4;
	const names = Object.keys(tensors).sort();
	const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
	let end = 0;
	for (const name of names) {
		const { shape, data } = tensors[name]!;
		if (shape.reduce((product, side) => product * side, 1) !== data.length)
			throw new RangeError(`${name} holds ${data.length} values, not [${shape.join(", ")}]`);
		header[name] = { dtype: half ? "F16" : "F32", shape, data_offsets: [end, end + data.length * width] };
		end += data.length * width;
	}
	const text = new TextEncoder().encode(JSON.stringify(header));
	const padded = Math.ceil(text.length / 8) * 8;
	const file = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
	new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
	file.set(text, 8);
	let at = 8 + padded;
	for (const name of names) {
		const { data } = tensors[name]!;
		const stored = littleEndian(half ? Float16Array.from(data) : data.slice());
		file.set(new Uint8Array(stored.buffer), at);
		at += stored.byteLength;
	}
	return file;
}

type Fault = (problem: string, subject?: string, cause?: unknown) => MithridateError;

function parseHeader(bytes: Uint8Array, fault: Fault): Record<string, unknown> {
	let header: unknown;
	try {
		header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch (cause) {
		throw fault("the header is not JSON", undefined, cause);
	}
	if (header === null || typeof header !== "object" || Array.isArray(header))
		throw fault("the header is not an object");
	return header as Record<string, unknown>;
}

/** The file format is little-endian; on a big-endian host elements are turned around in place. */
function littleEndian<T extends Float32Array | Float16Array | Uint16Array>(values: T): T {
	if (endianness() === "LE") return values;
	const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
	if (values.BYTES_PER_ELEMENT === 2) bytes.swap16();
	else bytes.swap32();
	return values;
}
