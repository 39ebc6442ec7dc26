/** Reads and writes safetensors files; every fault of a file is an `InvalidCheckpoint` that names the tensor. */
import { endianness } from "node:os";
import type { HostTensor } from "../types.ts";
import { InvalidCheckpoint } from "./formats/invalid-checkpoint.ts";
import { headerLength, parseHeader } from "./formats/safetensors-header.ts";

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

/** Parses a whole file; the tensors' bytes are views of `file`. `source` names the file in messages. */
export function readSafetensors(file: Uint8Array, source: string): SafetensorsFile {
	const start = 8 + headerLength(file.subarray(0, 8), file.length, source);
	const body = file.subarray(start);
	const { places, metadata } = parseHeader(file.subarray(8, start), body.length, source);
	const tensors = new Map<string, StoredTensor>();
	for (const [name, { dtype, shape, begin, end }] of places)
		tensors.set(name, { dtype, shape, bytes: body.subarray(begin, end) });
	return { tensors, metadata };
}

/** Values of a float tensor (F64, F32, F16 or BF16) as float32, in a buffer of their own. Throws `InvalidCheckpoint`. */
export function decodeFloats(tensor: StoredTensor, name: string): HostTensor {
	// A copy, aligned for any element width; Buffer.slice would be a view.
	return ownFloats({ ...tensor, bytes: new Uint8Array(tensor.bytes) }, name);
}

/** As `decodeFloats`, for bytes that fill a buffer which nothing else uses: float32 is then taken over, not copied. */
export function ownFloats({ dtype, shape, bytes }: StoredTensor, name: string): HostTensor {
	const buffer = bytes.buffer as ArrayBuffer;
	switch (dtype) {
		case "F32":
			return { shape, data: littleEndian(new Float32Array(buffer)) };
		case "F16":
			return { shape, data: Float32Array.from(littleEndian(new Float16Array(buffer))) };
		case "F64":
			return { shape, data: Float32Array.from(littleEndian(new Float64Array(buffer))) };
		case "BF16": {
			const words = littleEndian(new Uint16Array(buffer));
			return { shape, data: new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer) };
		}
		default:
			throw new InvalidCheckpoint(
				"wrong-dtype",
				`${name} is stored as ${dtype}; F64, F32, F16 and BF16 can be read as weights.`,
				{ subject: name },
			);
	}
}

/** What a file is written from: float32 weights, or bytes of any element type as they are. */
export type WritableTensors = Readonly<Record<string, HostTensor | StoredTensor>>;

export interface WriteOptions {
	/** Stores float32 weights as F16. */
	readonly half?: boolean;
	readonly metadata?: Readonly<Record<string, string>>;
}

/** The bytes of a file with the tensors in the order of their names. */
export function writeSafetensors(tensors: WritableTensors, options: WriteOptions = {}): Uint8Array {
	return Buffer.concat([...safetensorsChunks(tensors, options)]);
}

/** The same bytes piece by piece, so that a large file need not lie in memory twice. */
export function* safetensorsChunks(tensors: WritableTensors, options: WriteOptions = {}): Generator<Uint8Array> {
	const { half = false, metadata } = options;
	const names = Object.keys(tensors).sort();
	const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
	let end = 0;
	for (const name of names) {
		const { dtype, shape, bytes } = describe(tensors[name]!, name, half);
		header[name] = { dtype, shape, data_offsets: [end, end + bytes] };
		end += bytes;
	}
	const text = new TextEncoder().encode(JSON.stringify(header));
	const padded = Math.ceil(text.length / 8) * 8;
	const head = new Uint8Array(8 + padded).fill(0x20, 8);
	new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
	head.set(text, 8);
	yield head;
	for (const name of names) yield encode(tensors[name]!, half);
}

function describe(tensor: HostTensor | StoredTensor, name: string, half: boolean) {
	if ("bytes" in tensor) return { dtype: tensor.dtype, shape: tensor.shape, bytes: tensor.bytes.length };
	const { shape, data } = tensor;
	if (shape.reduce((product, side) => product * side, 1) !== data.length)
		throw new RangeError(`${name} holds ${data.length} values, not [${shape.join(", ")}]`);
	return { dtype: half ? "F16" : "F32", shape, bytes: data.length * (half ? 2 : 4) };
}

function encode(tensor: HostTensor | StoredTensor, half: boolean): Uint8Array {
	if ("bytes" in tensor) return tensor.bytes;
	const { data } = tensor;
	if (!half && endianness() === "LE") return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
	return new Uint8Array(littleEndian(half ? Float16Array.from(data) : data.slice()).buffer);
}

/** The file format is little-endian; on a big-endian host elements are turned around in place. */
function littleEndian<T extends Float32Array | Float16Array | Float64Array | Uint16Array>(values: T): T {
	if (endianness() === "LE") return values;
	const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
	if (values.BYTES_PER_ELEMENT === 2) bytes.swap16();
	else if (values.BYTES_PER_ELEMENT === 4) bytes.swap32();
	else bytes.swap64();
	return values;
}
