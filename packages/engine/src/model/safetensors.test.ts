import { expect, test } from "vitest";
import { MithridateError } from "../errors.ts";
import { decodeFloats, readSafetensors, writeSafetensors } from "./safetensors.ts";

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

function faultOf(file: Uint8Array): MithridateError {
	try {
		readSafetensors(file, "weights");
	} catch (error) {
		if (error instanceof MithridateError) return error;
	}
	throw new Error("the file was accepted");
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

const entry = (shape: unknown, data_offsets: unknown, dtype: unknown = "F32") => ({ dtype, shape, data_offsets });

test.each([
	["cut short: 3 bytes", new Uint8Array(3)],
	["cut short: the header ends at", fileOf("{}").subarray(0, 9)],
	["at most 16777216 are allowed", new Uint8Array(8).fill(0x7f)],
	["the header is not JSON", fileOf("{")],
	["the header is not an object", fileOf([])],
	["the metadata is not a table of strings", fileOf({ __metadata__: { a: 1 } })],
	["entry of x is malformed", fileOf({ x: { dtype: "F32", shape: [1] } }, 4)],
	["entry of x is malformed", fileOf({ x: entry([-1], [0, 4]) }, 4)],
	["entry of x is malformed", fileOf({ x: entry([1], [0, 4, 8]) }, 4)],
	["x has the unknown element type F7", fileOf({ x: entry([1], [0, 4], "F7") }, 4)],
	["x ends at byte 8, beyond the 4 bytes", fileOf({ x: entry([2], [0, 8]) }, 4)],
	["x takes 4 bytes, but F32 [2, 2] needs 16", fileOf({ x: entry([2, 2], [0, 4]) }, 4)],
	["y overlaps", fileOf({ x: entry([1], [0, 4]), y: entry([1], [2, 6]) }, 6)],
	["4 bytes before y belong to no tensor", fileOf({ x: entry([1], [0, 4]), y: entry([1], [8, 12]) }, 12)],
	["4 bytes at the end belong to no tensor", fileOf({ x: entry([1], [0, 4]) }, 8)],
])("a damaged file is refused: %s", (problem, file) => {
	const fault = faultOf(file);
	expect(fault.code).toBe("invalid-checkpoint");
	expect(fault.message).toContain(problem);
});
