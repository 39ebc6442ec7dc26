/** The header of a safetensors file, checked so that every byte of the file belongs to exactly one tensor. */
import { z } from "zod";
import { type CheckpointFault, InvalidCheckpoint } from "./invalid-checkpoint.ts";
import { repeatedKey } from "./unique-keys.ts";

/** A longer header is refused before it is read; the largest published CLIP's is below 200 kB. */
const maxHeaderBytes = 16 * 1024 * 1024;
const maxTensors = 20_000;
const maxDimensions = 8;

const bytesPerElement: ReadonlyMap<string, number> = new Map([
	["BOOL", 1],
	["U8", 1],
	["I8", 1],
	["F8_E5M2", 1],
	["F8_E4M3", 1],
	["I16", 2],
	["U16", 2],
	["F16", 2],
	["BF16", 2],
	["I32", 4],
	["U32", 4],
	["F32", 4],
	["F64", 8],
	["I64", 8],
	["U64", 8],
]);

/** Where a tensor lies: `begin` and `end` count bytes from the end of the header. */
export interface TensorPlace {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly begin: number;
	readonly end: number;
}

export interface SafetensorsHeader {
	readonly places: ReadonlyMap<string, TensorPlace>;
	readonly metadata: Readonly<Record<string, string>>;
}

type Complain = (fault: CheckpointFault, problem: string, subject?: string, cause?: unknown) => InvalidCheckpoint;

const entrySchema = z.strictObject({ dtype: z.string(), shape: z.unknown(), data_offsets: z.unknown() });
const metadataSchema = z.record(z.string(), z.string());

/** Bytes of the header that follows the first 8 bytes of a file of `fileLength` bytes. Throws `InvalidCheckpoint`. */
export function headerLength(prefix: Uint8Array, fileLength: number, source: string): number {
	const complain = complainOf(source);
	const foreign = foreignFormat(prefix);
	if (foreign) throw complain("foreign-format", `this is ${foreign}, not a safetensors file`);
	if (fileLength < 8 || prefix.length < 8)
		throw complain("cut-short", `the file has ${fileLength} bytes, and the header's length alone takes 8`);
	const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
	if (length > maxHeaderBytes)
		throw complain("header-too-long", `the header claims ${length} bytes; at most ${maxHeaderBytes} are allowed`);
	if (8 + Number(length) > fileLength)
		throw complain("cut-short", `the header ends at byte ${8 + Number(length)}, the file at ${fileLength}`);
	return Number(length);
}

/** Reads a header whose file holds `bodyLength` bytes behind it. Throws `InvalidCheckpoint`. */
export function parseHeader(bytes: Uint8Array, bodyLength: number, source: string): SafetensorsHeader {
	const complain = complainOf(source);
	const { __metadata__: rawMetadata = {}, ...entries } = parseObject(bytes, complain);
	const metadata = metadataSchema.safeParse(rawMetadata);
	if (!metadata.success) throw complain("bad-metadata", "the metadata is not a table of strings", "__metadata__");
	const names = Object.keys(entries);
	if (names.length > maxTensors)
		throw complain("too-many-tensors", `there are ${names.length} tensors; at most ${maxTensors} are allowed`);
	const places = new Map(names.map((name) => [name, parsePlace(name, entries[name], complain)]));
	checkCoverage(places, bodyLength, complain);
	return { places, metadata: metadata.data };
}

function complainOf(source: string): Complain {
	return (fault, problem, subject = source, cause = undefined) =>
		new InvalidCheckpoint(fault, `${source}: ${problem}.`, { subject, cause });
}

/** Files that are often found in the place of weights: a download page, or PyTorch's archive under another name. */
function foreignFormat(prefix: Uint8Array): string | null {
	const start = Buffer.from(prefix.subarray(0, 5)).toString("latin1").toLowerCase();
	if (start.startsWith("pk\u0003\u0004")) return "a zip archive";
	if (start === "<!doc" || start === "<html") return "a web page";
	if (start === "versi") return "a Git LFS pointer";
	return null;
}

function parseObject(bytes: Uint8Array, complain: Complain): Record<string, unknown> {
	if (bytes[0] !== 0x7b) throw complain("header-not-an-object", "the header does not begin with a brace");
	let text: string;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (cause) {
		throw complain("header-encoding", "the header is not UTF-8", undefined, cause);
	}
	let header: Record<string, unknown>;
	try {
		header = JSON.parse(text) as Record<string, unknown>;
	} catch (cause) {
		throw complain("header-json", "the header is not JSON", undefined, cause);
	}
	const repeated = repeatedKey(text);
	if (repeated !== null) throw complain("duplicate-name", `${JSON.stringify(repeated)} is given twice`, repeated);
	return header;
}

function parsePlace(name: string, raw: unknown, complain: Complain): TensorPlace {
	if (["__proto__", "constructor", "prototype"].includes(name))
		throw complain("reserved-name", `no tensor may be called ${name}`, name);
	// No slash, backslash or control character: a name must never become a path or a line of its own.
	if (!/^[^\p{C}/\\]{1,512}$/u.test(name))
		throw complain("bad-name", `${JSON.stringify(name.slice(0, 80))} cannot be a tensor's name`, name);
	const entry = entrySchema.safeParse(raw);
	if (!entry.success) throw complain("bad-entry", `the header entry of ${name} is malformed`, name, entry.error);
	const { dtype, shape, data_offsets: offsets } = entry.data;
	const width = bytesPerElement.get(dtype);
	if (width === undefined)
		throw complain("unknown-dtype", `${name} has the unknown element type ${dtype.slice(0, 40)}`, name);
	if (!isCounts(shape) || shape.length > maxDimensions)
		throw complain("bad-shape", `the shape of ${name} is not a list of at most ${maxDimensions} counts`, name);
	const size = shape.reduce((product, side) => product * side, width);
	if (!Number.isSafeInteger(size))
		throw complain("shape-overflow", `${name} [${shape.join(", ")}] is larger than any file`, name);
	if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!)
		throw complain("bad-offsets", `the offsets of ${name} are not two ascending counts`, name);
	const [begin, end] = offsets as [number, number];
	if (end - begin !== size)
		throw complain(
			"size-mismatch",
			`${name} takes ${end - begin} bytes, but ${dtype} [${shape.join(", ")}] needs ${size}`,
			name,
		);
	return { dtype, shape, begin, end };
}

function isCounts(value: unknown): value is number[] {
	return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

/** Throws unless the tensors lie end to end over the whole body. */
function checkCoverage(places: ReadonlyMap<string, TensorPlace>, bodyLength: number, complain: Complain): void {
	const order = [...places].sort(([, left], [, right]) => left.begin - right.begin || left.end - right.end);
	let covered = 0;
	for (const [name, { begin, end }] of order) {
		if (end > bodyLength)
			throw complain("past-end", `${name} ends at byte ${end}, beyond the ${bodyLength} bytes of data`, name);
		if (begin < covered) throw complain("overlap", `${name} overlaps the tensor before it`, name);
		if (begin > covered) throw complain("hole", `${begin - covered} bytes before ${name} belong to no tensor`, name);
		covered = end;
	}
	if (covered !== bodyLength)
		throw complain("trailing-bytes", `${bodyLength - covered} bytes at the end belong to no tensor`);
}
