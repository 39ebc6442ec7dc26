import { expect, test } from "vitest";
import type { CheckpointFault } from "./formats/invalid-checkpoint.ts";
import { decodeFloats, readSafetensors, safetensorsChunks, writeSafetensors } from "./safetensors.ts";

const tensors = {
	b: { shape: [2, 3], data: Float32Array.of(1, -2.5, 3, 65504, 1e-8, 0.1) },
	a: { shape: [], data: Float32Array.of(Math.PI) },
	empty: { shape: [0, 4], data: new Float32Array(0) },
};

/** A file with the given header and body. */
function fileOf(header: unknown, body = 0): Uint8Array {
	const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
	const file = new Uint8Array(8 + text.length + body);
	new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
	file.set(text, 8);
	return file;
}

test("what is written in float32 is read back bit for bit, with its metadata", () => {
	const file = readSafetensors(writeSafetensors(tensors, { metadata: { format: "pt" } }), "weights");
	expect(file.metadata).toEqual({ format: "pt" });
	expect([...file.tensors.keys()]).toEqual(["a", "b", "empty"]);
	for (const [name, stored] of file.tensors)
		expect(decodeFloats(stored, name)).toEqual(tensors[name as keyof typeof tensors]);
});

test("half precision is written as the nearest float16", () => {
	const { tensors: stored } = readSafetensors(writeSafetensors(tensors, { half: true }), "weights");
	expect(stored.get("b")!.dtype).toBe("F16");
	expect(decodeFloats(stored.get("b")!, "b").data).toEqual(Float32Array.from(tensors.b.data, Math.f16round));
});

test("bfloat16 is read as the upper half of a float32", () => {
	const file = fileOf({ x: { dtype: "BF16", shape: [2], data_offsets: [0, 4] } }, 4);
	file.set([0x80, 0x3f, 0x20, 0xc1], file.length - 4);
	expect(decodeFloats(readSafetensors(file, "weights").tensors.get("x")!, "x").data).toEqual(Float32Array.of(1, -10));
});

test("a tensor of integers is refused as weights", () => {
	const { tensors: stored } = readSafetensors(
		fileOf({ x: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }, 8),
		"w",
	);
	expect(() => decodeFloats(stored.get("x")!, "x")).toThrow(/x is stored as I64/);
});

test("a file written piece by piece has the same bytes as one written at once", () => {
	const pieces = [...safetensorsChunks(tensors, { metadata: { format: "pt" } })];
	expect(pieces.length).toBeGreaterThan(Object.keys(tensors).length);
	expect(Buffer.concat(pieces).equals(writeSafetensors(tensors, { metadata: { format: "pt" } }))).toBe(true);
});

test("a float64 tensor is rounded once to float32", () => {
	const file = fileOf({ x: { dtype: "F64", shape: [2], data_offsets: [0, 16] } }, 16);
	new Float64Array(file.buffer.slice(file.length - 16)).fill(0);
	const view = new DataView(file.buffer, file.length - 16);
	view.setFloat64(0, Math.PI, true);
	view.setFloat64(8, -1e-300, true);
	const { data } = decodeFloats(readSafetensors(file, "weights").tensors.get("x")!, "x");
	expect(data).toEqual(Float32Array.of(Math.fround(Math.PI), -0));
});

const entry = (shape: unknown, data_offsets: unknown, dtype: unknown = "F32") => ({ dtype, shape, data_offsets });
const good = entry([1], [0, 4]);
const lengthOnly = (length: bigint) => {
	const file = new Uint8Array(16);
	new DataView(file.buffer).setBigUint64(0, length, true);
	return file;
};
const rawHeader = (bytes: readonly number[]) => {
	const file = new Uint8Array(8 + bytes.length);
	new DataView(file.buffer).setBigUint64(0, BigInt(bytes.length), true);
	file.set(bytes, 8);
	return file;
};
const text = (content: string) => new TextEncoder().encode(content);
const crowd = Object.fromEntries(Array.from({ length: 20_001 }, (_, at) => [`t${at}`, entry([0], [0, 0])]));

/** Files made by hand, each with the one fault it has (what a reader in JavaScript is known to trip over). */
const damaged: readonly (readonly [string, CheckpointFault, Uint8Array])[] = [
	["no bytes", "cut-short", new Uint8Array(0)],
	["7 bytes", "cut-short", new Uint8Array(7)],
	["8 bytes and no header", "cut-short", lengthOnly(4n).subarray(0, 8)],
	["an end in the middle of the header", "cut-short", fileOf({ x: good }, 4).subarray(0, 30)],
	["an empty header", "header-not-an-object", lengthOnly(0n)],
	["a header of 2^53 bytes", "header-too-long", lengthOnly(2n ** 53n)],
	["a header of 2^63 bytes", "header-too-long", lengthOnly(2n ** 63n)],
	["a header of 2^64 - 1 bytes", "header-too-long", lengthOnly(2n ** 64n - 1n)],
	["a header one byte above the limit", "header-too-long", lengthOnly(16n * 1024n * 1024n + 1n)],
	["a zip archive", "foreign-format", text("PK\u0003\u0004 and so on")],
	["a web page", "foreign-format", text("<!DOCTYPE html><title>Not found</title>")],
	["another web page", "foreign-format", text("<html><body>Sign in</body></html>")],
	["a Git LFS pointer", "foreign-format", text("version https://git-lfs.github.com/spec/v1")],
	["a list as header", "header-not-an-object", fileOf([])],
	["null as header", "header-not-an-object", fileOf("null")],
	["a string as header", "header-not-an-object", fileOf('"x"')],
	["a byte order mark", "header-not-an-object", rawHeader([0xef, 0xbb, 0xbf, 0x7b, 0x7d])],
	["a space before the brace", "header-not-an-object", fileOf(" {}")],
	["a byte that is not UTF-8", "header-encoding", rawHeader([0x7b, 0x22, 0xff, 0x22, 0x7d])],
	["an overlong UTF-8 sequence", "header-encoding", rawHeader([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x7d])],
	["a lone UTF-8 surrogate", "header-encoding", rawHeader([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d])],
	["an open brace", "header-json", fileOf("{")],
	["two objects", "header-json", fileOf("{}{}")],
	["a trailing comma", "header-json", fileOf('{"x":1,}')],
	["a zero byte behind the header", "header-json", fileOf("{}\0")],
	["deep nesting", "header-json", fileOf(`{"x":${"[".repeat(100_000)}`)],
	["a name twice", "duplicate-name", fileOf(`{"x":${JSON.stringify(good)},"x":${JSON.stringify(good)}}`, 4)],
	["a name twice, once escaped", "duplicate-name", fileOf(`{"x":${JSON.stringify(good)},"\\u0078":0}`, 4)],
	[
		"a field twice",
		"duplicate-name",
		fileOf('{"x":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}}', 4),
	],
	["metadata twice", "duplicate-name", fileOf('{"__metadata__":{},"__metadata__":{}}')],
	["a metadata key twice", "duplicate-name", fileOf('{"__metadata__":{"a":"1","a":"2"}}')],
	["the name __proto__", "reserved-name", fileOf(`{"__proto__":${JSON.stringify(good)}}`, 4)],
	["the name constructor", "reserved-name", fileOf({ constructor: good }, 4)],
	["the name prototype", "reserved-name", fileOf({ prototype: good }, 4)],
	["an empty name", "bad-name", fileOf({ "": good }, 4)],
	["a name with a slash", "bad-name", fileOf({ "../x": good }, 4)],
	["a name with a backslash", "bad-name", fileOf({ "..\\x": good }, 4)],
	["a name with a zero byte", "bad-name", fileOf({ "x\0": good }, 4)],
	["a name with a line break", "bad-name", fileOf({ "x\ny": good }, 4)],
	["a name with half a surrogate pair", "bad-name", fileOf('{"\\ud800":0}')],
	["a name of 513 letters", "bad-name", fileOf({ ["x".repeat(513)]: good }, 4)],
	["an entry without offsets", "bad-entry", fileOf({ x: { dtype: "F32", shape: [1] } }, 4)],
	["an entry with a field too many", "bad-entry", fileOf({ x: { ...good, note: 1 } }, 4)],
	["an entry that is a list", "bad-entry", fileOf({ x: [] })],
	["an entry that is null", "bad-entry", fileOf({ x: null })],
	["an element type that is a number", "bad-entry", fileOf({ x: entry([1], [0, 4], 32) }, 4)],
	["metadata that is a list", "bad-metadata", fileOf({ __metadata__: ["a"] })],
	["metadata with a number", "bad-metadata", fileOf({ __metadata__: { a: 1 } })],
	["metadata with an object", "bad-metadata", fileOf({ __metadata__: { a: {} } })],
	["the element type F7", "unknown-dtype", fileOf({ x: entry([1], [0, 4], "F7") }, 4)],
	["the element type toString", "unknown-dtype", fileOf({ x: entry([1], [0, 4], "toString") }, 4)],
	["an element type in lower case", "unknown-dtype", fileOf({ x: entry([1], [0, 4], "f32") }, 4)],
	["a shape that is a number", "bad-shape", fileOf({ x: entry(1, [0, 4]) }, 4)],
	["a negative extent", "bad-shape", fileOf({ x: entry([-1], [0, 4]) }, 4)],
	["two negative extents", "bad-shape", fileOf({ x: entry([-1, -1], [0, 4]) }, 4)],
	["half an extent", "bad-shape", fileOf({ x: entry([0.5, 2], [0, 4]) }, 4)],
	["an extent of 2^53", "bad-shape", fileOf({ x: entry([2 ** 53], [0, 4]) }, 4)],
	["an extent that is a string", "bad-shape", fileOf({ x: entry(["1"], [0, 4]) }, 4)],
	["nine dimensions", "bad-shape", fileOf({ x: entry([1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 4]) }, 4)],
	["extents whose product overflows", "shape-overflow", fileOf({ x: entry([2 ** 31, 2 ** 31], [0, 4]) }, 4)],
	["extents whose product wraps to zero", "shape-overflow", fileOf({ x: entry([2 ** 32, 2 ** 32], [0, 0]) })],
	["three offsets", "bad-offsets", fileOf({ x: entry([1], [0, 4, 8]) }, 4)],
	["swapped offsets", "bad-offsets", fileOf({ x: entry([1], [4, 0]) }, 4)],
	["a negative offset", "bad-offsets", fileOf({ x: entry([1], [-4, 0]) }, 4)],
	["half an offset", "bad-offsets", fileOf({ x: entry([1], [0.5, 4.5]) }, 4)],
	["an offset above 2^53", "bad-offsets", fileOf({ x: entry([1], [2 ** 53, 2 ** 53 + 4]) }, 4)],
	["fewer bytes than the shape needs", "size-mismatch", fileOf({ x: entry([2, 2], [0, 4]) }, 4)],
	["more bytes than the shape needs", "size-mismatch", fileOf({ x: entry([1], [0, 8]) }, 8)],
	["an end behind the file", "past-end", fileOf({ x: entry([2], [0, 8]) }, 4)],
	["data cut off by one byte", "past-end", fileOf({ x: good }, 3)],
	["overlapping tensors", "overlap", fileOf({ x: good, y: entry([1], [2, 6]) }, 6)],
	["two tensors in one place", "overlap", fileOf({ x: good, y: good }, 4)],
	["an empty tensor inside another", "overlap", fileOf({ x: entry([2], [0, 8]), y: entry([0], [4, 4]) }, 8)],
	["a hole between tensors", "hole", fileOf({ x: good, y: entry([1], [8, 12]) }, 12)],
	["a hole before the first", "hole", fileOf({ x: entry([1], [4, 8]) }, 8)],
	["bytes behind the last tensor", "trailing-bytes", fileOf({ x: good }, 8)],
	["bytes and no tensor", "trailing-bytes", fileOf({}, 1)],
	["20,001 tensors", "too-many-tensors", fileOf(crowd)],
];

test.each(damaged)("a file with %s is refused as %s", (_, fault, file) => {
	expect(() => readSafetensors(file, "weights")).toThrow(
		expect.objectContaining({ name: "MithridateError", code: "invalid-checkpoint", fault }),
	);
});

test("every fault that a safetensors file can have is among the damaged files", () => {
	expect(new Set(damaged.map(([, fault]) => fault)).size).toBe(21);
});
