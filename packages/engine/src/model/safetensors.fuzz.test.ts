/** Random files and random damage, checked by a second, independent reading of the format's rules. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { InvalidCheckpoint } from "./formats/invalid-checkpoint.ts";
import { readSafetensors, type SafetensorsFile, type StoredTensor, writeSafetensors } from "./safetensors.ts";

const widths: Record<string, number> = {
	BOOL: 1,
	U8: 1,
	I8: 1,
	F8_E5M2: 1,
	F8_E4M3: 1,
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

const tensor = fc
	.record({
		dtype: fc.constantFrom(...Object.keys(widths)),
		shape: fc.array(fc.nat(4), { maxLength: 4 }),
		seed: fc.string(),
	})
	.map(({ dtype, shape, seed }): StoredTensor => {
		const random = new Random(seed);
		const length = shape.reduce((product, side) => product * side, widths[dtype]!);
		return { dtype, shape, bytes: Uint8Array.from({ length }, () => random.integer(256)) };
	});
const reserved = new Set(["__proto__", "constructor", "prototype", "__metadata__"]);
const files = fc.dictionary(
	fc.stringMatching(/^[a-z_.][\w.]{0,11}$/).filter((name) => !reserved.has(name)),
	tensor,
	{ maxKeys: 8 },
);

test("tensors of every element type come back bit for bit, and the same tensors give the same bytes", () => {
	fc.assert(
		fc.property(files, (tensors) => {
			const file = writeSafetensors(tensors);
			const read = readSafetensors(file, "weights").tensors;
			expect([...read.keys()]).toEqual(Object.keys(tensors).sort());
			for (const [name, { dtype, shape, bytes }] of read) {
				expect({ dtype, shape }).toEqual({ dtype: tensors[name]!.dtype, shape: tensors[name]!.shape });
				expect(Buffer.from(bytes).equals(tensors[name]!.bytes)).toBe(true);
			}
			const reversed = Object.fromEntries(Object.entries(tensors).reverse());
			expect(file).toEqual(writeSafetensors(reversed));
		}),
		{ numRuns: 1000 },
	);
});

/** Marks every byte of the body that a tensor claims; the rules hold when each is claimed once. */
function claimsEachByteOnce(file: Uint8Array, { tensors }: SafetensorsFile): boolean {
	const body = 8 + Number(Buffer.from(file).readBigUInt64LE());
	const claims = new Uint8Array(file.length - body);
	for (const { dtype, shape, bytes } of tensors.values()) {
		let size = BigInt(widths[dtype] ?? 0);
		for (const side of shape) size *= BigInt(side);
		if (size !== BigInt(bytes.length)) return false;
		const from = bytes.byteOffset - file.byteOffset - body;
		for (let at = from; at < from + bytes.length; at++) claims[at]!++;
	}
	return claims.every((count) => count === 1);
}

const tokens = ["{", "}", "[", "]", '"', ":", ",", "-1", "1e99", "9007199254740993", "null", "x", "F64", "\\u0000"];

/** One to four small changes: a bit, a byte, a run taken out or doubled, a cut, a piece of JSON. */
function mutate(file: Uint8Array, random: Random): Uint8Array {
	let bytes = Buffer.from(file);
	for (let change = 1 + random.integer(4); change > 0 && bytes.length > 0; change--) {
		// Most of what can go wrong lies in the length and the header.
		const at = random.integer(random.integer(4) === 0 ? bytes.length : Math.min(bytes.length, 160));
		const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
		const run = random.integer(9);
		switch (random.integer(6)) {
			case 0:
				bytes[at]! ^= 1 << random.integer(8);
				break;
			case 1:
				bytes[at] = random.integer(256);
				break;
			case 2:
				bytes = Buffer.concat([before, after.subarray(run)]);
				break;
			case 3:
				bytes = Buffer.concat([before, after.subarray(0, run), after]);
				break;
			case 4:
				bytes = Buffer.from(before);
				break;
			default:
				bytes = Buffer.concat([before, Buffer.from(tokens[random.integer(tokens.length)]!), after]);
		}
	}
	return bytes;
}

test("5,000 damaged files are refused with a fault of their own or hold nothing but whole tensors", () => {
	const random = new Random("safetensors/fuzz");
	const whole = Object.fromEntries(
		["F32", "I64", "BF16", "U8"].map((dtype, at) => [
			`t${at}`,
			{ dtype, shape: [at, 2], bytes: new Uint8Array(at * 2 * widths[dtype]!) },
		]),
	);
	const file = writeSafetensors(whole, { metadata: { format: "pt" } });
	const faults = new Map<string, number>();
	for (let round = 0; round < 5000; round++) {
		const damaged = mutate(file, random);
		let outcome = "accepted";
		try {
			const read = readSafetensors(damaged, "weights");
			if (!claimsEachByteOnce(damaged, read)) expect.fail(`round ${round} breaks the rules and was accepted`);
		} catch (error) {
			if (!(error instanceof InvalidCheckpoint)) throw error;
			outcome = error.fault;
		}
		faults.set(outcome, (faults.get(outcome) ?? 0) + 1);
	}
	expect(faults.get("accepted")).toBeGreaterThan(50);
	expect(faults.size).toBeGreaterThan(10);
});
