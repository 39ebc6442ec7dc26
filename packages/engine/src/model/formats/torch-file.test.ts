import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "../../random.ts";
import { type CheckpointFault, InvalidCheckpoint } from "./invalid-checkpoint.ts";
import { op, pickledTable, pickledTensor, torchFile, zipOf } from "./torch-file.fixture.ts";
import { openTorchFile } from "./torch-file.ts";

/** Written by PyTorch 1.13's torch.save and torch.jit.save. */
const written = resolve(import.meta.dirname, "../../../fixtures/torch");

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "mithridate-torch-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Every tensor of a file, as element type, shape and bytes. */
async function readAll(path: string) {
	const file = await openTorchFile(path);
	const tensors = new Map<string, { dtype: string; shape: readonly number[]; bytes: Uint8Array }>();
	try {
		for (const [name, tensor] of file.tensors)
			tensors.set(name, { dtype: tensor.dtype, shape: tensor.shape, bytes: await tensor.read() });
		return tensors;
	} finally {
		await file.close();
	}
}

const floats = (bytes: Uint8Array) => [...new Float32Array(bytes.slice().buffer)];

test("a state dict that PyTorch wrote is read, whatever way its tensors lie in their storages", async () => {
	const tensors = await readAll(join(written, "state-dict.bin"));
	const valuesOf = (name: string) => {
		const { dtype, shape, bytes } = tensors.get(name)!;
		expect(dtype).toBe("F32");
		return { shape, values: floats(bytes) };
	};
	expect(valuesOf("linear.weight")).toEqual({ shape: [3, 2], values: [0, 1, 2, 3, 4, 5] });
	expect(valuesOf("linear.bias")).toEqual({ shape: [3], values: [-1, 0.5, 2] });
	expect(valuesOf("matrix").values).toEqual(Array.from({ length: 12 }, (_, at) => at / 4));
	expect(valuesOf("turned")).toEqual({
		shape: [4, 3],
		values: [0, 1, 2, 0.25, 1.25, 2.25, 0.5, 1.5, 2.5, 0.75, 1.75, 2.75],
	});
	expect(valuesOf("corner")).toEqual({ shape: [2, 2], values: [1.25, 1.5, 2.25, 2.5] });
	expect(valuesOf("repeated")).toEqual({ shape: [2, 3], values: [2, 2, 2, 2, 2, 2] });
	expect(valuesOf("first").values).toEqual([0, 1, 2, 3]);
	expect(valuesOf("second").values).toEqual([4, 5, 6, 7, 8, 9]);
	expect(valuesOf("empty")).toEqual({ shape: [0, 4], values: [] });
	expect(valuesOf("scalar")).toEqual({ shape: [], values: [2.5] });
	const stored = Object.fromEntries([...tensors].map(([name, { dtype, bytes }]) => [name, [dtype, ...bytes]]));
	expect(stored.half).toEqual(["F16", 0x00, 0x3e, 0x00, 0xc0]);
	expect(stored.brain).toEqual(["BF16", 0xc0, 0x3f, 0x00, 0xc0]);
	expect(stored.double).toEqual(["F64", ...new Uint8Array(Float64Array.of(0.1).buffer)]);
	expect(stored.ids).toEqual(["I64", ...new Uint8Array(BigInt64Array.of(0n, 1n, 2n).buffer)]);
	expect(stored.flags).toEqual(["BOOL", 1, 0]);
	expect(stored["bn.num_batches_tracked"]).toEqual(["I64", 0, 0, 0, 0, 0, 0, 0, 0]);
	expect(tensors.size).toBe(20);
});

test("of a training checkpoint the state dict is read, and a parameter is its tensor", async () => {
	const training = await readAll(join(written, "training.pt"));
	expect([...training.keys()]).toEqual(["module.weight", "module.bias"]);
	expect(floats(training.get("module.weight")!.bytes)).toEqual([1, 2]);
	expect(floats((await readAll(join(written, "parameter.bin"))).get("weight")!.bytes)).toEqual([1, 1]);
});

test("what the tests write themselves is read like what PyTorch writes", async () => {
	const path = join(folder, "own.bin");
	writeFileSync(path, torchFile({ x: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } }));
	const x = (await readAll(path)).get("x")!;
	expect({ shape: x.shape, values: floats(x.bytes) }).toEqual({ shape: [2, 2], values: [1, 2, 3, 4] });
});

test.each([
	["forbidden.bin", "forbidden-global", "it asks for posix.system"],
	["legacy.bin", "legacy-pickle", "PyTorch before 1.6"],
	["script.pt", "torch-script", "save its state_dict()"],
] as const)("%s, which PyTorch wrote, is refused as %s: %s", async (name, fault, problem) => {
	await expect(openTorchFile(join(written, name))).rejects.toMatchObject({ code: "invalid-checkpoint", fault });
	await expect(openTorchFile(join(written, name))).rejects.toThrow(problem);
	expect(existsSync("/tmp/mithridate-was-here")).toBe(false);
});

const bytes = new Uint8Array(16);
/** An archive around a pickle, with one storage of four float32 numbers. */
const around = (pickle: Uint8Array | readonly number[]) =>
	zipOf([
		["archive/data.pkl", Uint8Array.from(pickle)],
		["archive/data/0", bytes],
	]);
const tensor = { key: "0", length: 4, shape: [2, 2], strides: [2, 1] };
const holding = (change: Partial<Parameters<typeof pickledTensor>[0]>) =>
	around(pickledTable([["x", pickledTensor({ ...tensor, ...change })]]));
const good = holding({});
const holdingOnly = (...parts: readonly (readonly number[])[]) => around([...op.proto, ...parts.flat(), ...op.stop]);

test.each<readonly [string, CheckpointFault, Uint8Array]>([
	["no bytes", "bad-zip", new Uint8Array(0)],
	["text", "bad-zip", Buffer.from("not an archive, and longer than its end record would be")],
	["an archive cut at its end", "bad-zip", good.subarray(0, good.length - 1)],
	["an archive cut at its beginning", "bad-zip", good.subarray(40)],
	["an archive without a pickle", "bad-zip", zipOf([["archive/version", Buffer.from("3")]])],
	[
		"two pickles",
		"bad-zip",
		zipOf([
			["a/data.pkl", bytes],
			["b/data.pkl", bytes],
		]),
	],
	[
		"the same file twice",
		"bad-zip",
		zipOf([
			["a/data.pkl", bytes],
			["a/data.pkl", bytes],
		]),
	],
	["compression", "compressed-zip", zipOf([["archive/data.pkl", bytes]], 8)],
	["an endless pickle", "pickle-too-long", zipOf([["archive/data.pkl", new Uint8Array(2 ** 24 + 1)]])],
	["an empty pickle", "bad-pickle", around([])],
	["a pickle without an end", "bad-pickle", around([...op.proto, ...op.none])],
	["nothing to return", "bad-pickle", around([...op.proto, ...op.stop])],
	["two values to return", "bad-pickle", holdingOnly(op.none, op.none)],
	["text that is cut short", "bad-pickle", around([0x58, 0xff, 0xff, 0xff, 0xff, 0x41])],
	["text that is not UTF-8", "bad-pickle", around([0x58, 1, 0, 0, 0, 0xff, 0x2e])],
	["a name without an end", "bad-pickle", around([0x63, 0x6f, 0x73])],
	["a value that was never remembered", "bad-pickle", holdingOnly([0x68, 7])],
	["a tuple without a mark", "bad-pickle", holdingOnly(op.none, op.tuple)],
	["entries of no table", "bad-pickle", holdingOnly(op.none, op.mark, op.none, op.none, op.setItems)],
	["an odd number of entries", "bad-pickle", holdingOnly(op.emptyDict, op.mark, op.none, op.setItems)],
	["a call of no global", "bad-pickle", holdingOnly(op.none, op.emptyTuple, op.reduce)],
	["attributes of no table", "bad-pickle", holdingOnly(op.none, op.none, [0x62])],
	["a number of 9 bytes", "bad-pickle", holdingOnly([0x8a, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1])],
	["a number beyond 2^53", "bad-pickle", holdingOnly([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x40])],
	[
		"a table made of something",
		"bad-pickle",
		holdingOnly(op.global("collections", "OrderedDict"), op.mark, op.none, op.tuple, op.reduce),
	],
	["a deep stack", "pickle-too-deep", around([...op.proto, ...new Array<number>(100_002).fill(0x4e)])],
	["the opcode INST", "unknown-opcode", holdingOnly([0x69])],
	["the opcode NEWOBJ", "unknown-opcode", holdingOnly(op.none, op.none, [0x81])],
	["an opcode that nobody has", "unknown-opcode", holdingOnly([0xff])],
	["eval", "forbidden-global", holdingOnly(op.global("builtins", "eval"), op.text("1"), [0x85], op.reduce)],
	["a name put together", "forbidden-global", holdingOnly(op.text("os"), op.text("system"), [0x93])],
	["torch.load", "forbidden-global", holdingOnly(op.global("torch", "load"))],
	["a storage of complex numbers", "forbidden-global", holding({ storage: "ComplexFloatStorage" })],
	["__proto__ as a storage", "forbidden-global", holding({ storage: "__proto__" })],
	["no storage of that name", "bad-storage", holding({ key: "1" })],
	["a storage outside", "bad-storage", holding({ key: "../data.pkl" })],
	["a storage that claims too much", "bad-storage", holding({ length: 5 })],
	["a tensor that reaches out", "bad-storage", holding({ offset: 1 })],
	["a tensor that strides out", "bad-storage", holding({ strides: [3, 1] })],
	["a negative offset", "bad-storage", holding({ offset: -1 })],
	["a negative stride", "bad-storage", holding({ strides: [2, -1] })],
	[
		"a shape that overflows",
		"bad-storage",
		holding({ shape: [2 ** 31 - 1, 2 ** 31 - 1], strides: [2 ** 31 - 1, 2 ** 31 - 1] }),
	],
	["more extents than strides", "bad-storage", holding({ strides: [1] })],
	[
		"nine dimensions",
		"bad-storage",
		holding({ shape: new Array<number>(9).fill(1), strides: new Array<number>(9).fill(1) }),
	],
	["a persistent id that is no storage", "bad-storage", holdingOnly(op.text("file"), op.persistentId)],
	["no table", "no-state-dict", holdingOnly(op.none)],
	["a table of numbers", "no-state-dict", around(pickledTable([["x", op.int(1)]]))],
])("a file with %s is refused as %s", async (_, fault, content) => {
	const path = join(folder, "damaged.bin");
	writeFileSync(path, content);
	await expect(openTorchFile(path)).rejects.toMatchObject({
		name: "MithridateError",
		code: "invalid-checkpoint",
		fault,
	});
});

test("500 damaged files are refused with a fault of their own or give tensors that can be read", async () => {
	const random = new Random("torch/fuzz");
	const whole = readFileSync(join(written, "state-dict.bin"));
	const path = join(folder, "fuzz.bin");
	const faults = new Map<string, number>();
	const pickleStart = whole.indexOf("data.pkl");
	for (let round = 0; round < 500; round++) {
		const damaged = Buffer.from(whole);
		for (let change = 1 + random.integer(3); change > 0; change--) {
			const near = [pickleStart + random.integer(2200), whole.length - 1 - random.integer(1200)];
			damaged[near[random.integer(2)]!] = random.integer(256);
		}
		writeFileSync(path, damaged);
		let outcome = "accepted";
		try {
			for (const { shape, dtype, bytes } of (await readAll(path)).values()) {
				const width = { F32: 4, F16: 2, BF16: 2, F64: 8, I64: 8, BOOL: 1 }[dtype] ?? bytes.length;
				if (bytes.length !== shape.reduce((size, side) => size * side, width)) expect.fail(`round ${round}: ${dtype}`);
			}
		} catch (error) {
			if (!(error instanceof InvalidCheckpoint)) throw error;
			outcome = error.fault;
		}
		faults.set(outcome, (faults.get(outcome) ?? 0) + 1);
	}
	expect(faults.get("accepted")).toBeGreaterThan(50);
	expect(faults.size).toBeGreaterThan(5);
});
