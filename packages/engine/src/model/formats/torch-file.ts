/** Files that `torch.save` wrote since PyTorch 1.6: a zip archive of storages, and a pickle that cuts tensors from them. */
import { basename } from "node:path";
import { type CheckpointFault, InvalidCheckpoint } from "./invalid-checkpoint.ts";
import { PickledGlobal, type PickleHost, readPickle } from "./pickle.ts";
import { type FileTensor, openFile, readRange, type TensorFile } from "./tensor-file.ts";
import { readZip, type ZipEntry } from "./zip.ts";

const maxPickleBytes = 16 * 1024 * 1024;
const maxTensors = 20_000;
const maxDimensions = 8;

/** Element type and bytes of an element, by the storage's class. */
const storages: ReadonlyMap<string, readonly [dtype: string, width: number]> = new Map([
	["FloatStorage", ["F32", 4]],
	["HalfStorage", ["F16", 2]],
	["BFloat16Storage", ["BF16", 2]],
	["DoubleStorage", ["F64", 8]],
	["LongStorage", ["I64", 8]],
	["IntStorage", ["I32", 4]],
	["ShortStorage", ["I16", 2]],
	["CharStorage", ["I8", 1]],
	["ByteStorage", ["U8", 1]],
	["BoolStorage", ["BOOL", 1]],
]);

/** The functions that a state dict calls, and what stands for their result here. */
const callables: readonly string[] = [
	"collections.OrderedDict",
	"torch._utils._rebuild_tensor_v2",
	"torch._utils._rebuild_parameter",
];

/** A run of elements in one file of the archive. */
class Storage {
	readonly entry: ZipEntry;
	readonly dtype: string;
	readonly width: number;
	readonly length: number;

	constructor(entry: ZipEntry, [dtype, width]: readonly [string, number], length: number) {
		this.entry = entry;
		this.dtype = dtype;
		this.width = width;
		this.length = length;
	}
}

/** A tensor: where its elements lie in a storage. */
class View implements FileTensor {
	readonly dtype: string;
	readonly storage: Storage;
	readonly offset: number;
	readonly shape: readonly number[];
	readonly strides: readonly number[];

	constructor(storage: Storage, offset: number, { shape, strides }: { shape: number[]; strides: number[] }) {
		this.dtype = storage.dtype;
		this.storage = storage;
		this.offset = offset;
		this.shape = shape;
		this.strides = strides;
	}

	async read(): Promise<Uint8Array> {
		const { storage, offset, shape, strides } = this;
		const { width, entry } = storage;
		const count = shape.reduce((product, side) => product * side, 1);
		const last = shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis]!, offset);
		const used = await entry.read(offset * width, count === 0 ? offset * width : (last + 1) * width);
		if (isRowMajor(shape, strides)) return used;
		const bytes = new Uint8Array(count * width);
		const place = shape.map(() => 0);
		for (let at = 0; at < count; at++) {
			const from = place.reduce((sum, index, axis) => sum + index * strides[axis]!, 0) * width;
			bytes.set(used.subarray(from, from + width), at * width);
			for (let axis = shape.length - 1; axis >= 0 && ++place[axis]! === shape[axis]; axis--) place[axis] = 0;
		}
		return bytes;
	}
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
	let step = 1;
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		if (shape[axis] !== 1 && strides[axis] !== step) return false;
		step *= shape[axis]!;
	}
	return true;
}

/**
 * Opens the state dict of a file: its table of tensors, or the one under `state_dict`. The pickle can name ordered
 * tables, tensors and storages, and nothing else. Throws `InvalidCheckpoint`.
 */
export async function openTorchFile(path: string): Promise<TensorFile> {
	const source = basename(path);
	const fault = (code: CheckpointFault, problem: string, subject = source) =>
		new InvalidCheckpoint(code, `${source}: ${problem}.`, { subject });
	const file = await openFile(path);
	try {
		const start = Buffer.from(await readRange(file.handle, 0, Math.min(4, file.length)));
		if (start[0] === 0x80)
			throw fault(
				"legacy-pickle",
				"PyTorch before 1.6 wrote this; load it there once and save it anew, or as safetensors",
			);
		const entries = await readZip(file, source);
		if ([...entries.keys()].some((name) => /^[^/]*\/code\//.test(name)))
			throw fault("torch-script", "this is a program with weights in it; load it in PyTorch and save its state_dict()");
		const pickles = [...entries.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name));
		if (pickles.length !== 1) throw fault("bad-zip", `the archive has ${pickles.length} files data.pkl, not one`);
		const entry = entries.get(pickles[0]!)!;
		if (entry.size > maxPickleBytes)
			throw fault("pickle-too-long", `data.pkl has ${entry.size} bytes; at most ${maxPickleBytes} are allowed`);
		const root = entry.name.slice(0, -"data.pkl".length);
		const order = entries.get(`${root}byteorder`);
		if (order && new TextDecoder().decode(await order.read()) !== "little")
			throw fault("bad-storage", "its numbers are big-endian; save it anew on another machine");
		const value = readPickle(await entry.read(), hostFor(entries, root, fault), source);
		return { source, tensors: stateDict(value, fault), close: () => file.handle.close() };
	} catch (error) {
		await file.handle.close();
		throw error;
	}
}

type Fault = (code: CheckpointFault, problem: string, subject?: string) => InvalidCheckpoint;

function hostFor(entries: ReadonlyMap<string, ZipEntry>, root: string, fault: Fault): PickleHost {
	let made = 0;
	const pathOf = ({ module, name }: PickledGlobal) => `${module}.${name}`;
	return {
		allow(global) {
			const path = pathOf(global);
			if (callables.includes(path) || (global.module === "torch" && storages.has(global.name))) return;
			throw fault("forbidden-global", `it asks for ${path.slice(0, 200)}; only tensors in tables are read`, path);
		},
		reduce(global, args) {
			const path = pathOf(global);
			if (path === "collections.OrderedDict") {
				if (args.length === 0) return new Map();
			} else if (path === "torch._utils._rebuild_tensor_v2") {
				if (++made > maxTensors) throw fault("too-many-tensors", `there are more than ${maxTensors} tensors`);
				return viewOf(args, fault);
			} else if (path === "torch._utils._rebuild_parameter" && args[0] instanceof View) return args[0];
			throw fault("bad-pickle", `${path} is called with what it does not take`, path);
		},
		persistent(id) {
			const [tag, kind, key, , length] = Array.isArray(id) ? id : [];
			const type = kind instanceof PickledGlobal && kind.module === "torch" ? storages.get(kind.name) : undefined;
			if (tag !== "storage" || !type || typeof key !== "string" || !isCount(length))
				throw fault("bad-storage", "a storage is described as none that PyTorch writes");
			const entry = entries.get(`${root}data/${key}`);
			if (!entry) throw fault("bad-storage", `the storage ${key} is missing from the archive`, key);
			if (length * type[1] > entry.size)
				throw fault("bad-storage", `the storage ${key} has ${entry.size} bytes, not ${length * type[1]}`, key);
			return new Storage(entry, type, length);
		},
	};
}

function viewOf([storage, offset, shape, strides]: readonly unknown[], fault: Fault): View {
	const lists = isCounts(shape) && isCounts(strides) && shape.length === strides.length;
	if (!(storage instanceof Storage) || !isCount(offset) || !lists || shape.length > maxDimensions)
		throw fault("bad-storage", "a tensor is described by no storage, offset, shape and strides");
	const empty = shape.includes(0);
	const last = shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis]!, offset);
	if (!empty && !(Number.isSafeInteger(last) && last < storage.length))
		throw fault(
			"bad-storage",
			`a tensor reaches element ${last} of the storage ${storage.entry.name}, which has ${storage.length}`,
			storage.entry.name,
		);
	return new View(storage, empty ? 0 : offset, { shape, strides });
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: unknown): value is number[] {
	return Array.isArray(value) && value.every(isCount);
}

/** Tensors by name. What lies beside a `state_dict` (epochs, an optimizer's moments) is left alone. */
function stateDict(value: unknown, fault: Fault): ReadonlyMap<string, FileTensor> {
	const nested = value instanceof Map ? value.get("state_dict") : undefined;
	const table = nested instanceof Map ? nested : value;
	if (!(table instanceof Map)) throw fault("no-state-dict", "it holds no table of tensors");
	const tensors = new Map<string, FileTensor>();
	for (const [name, tensor] of table) {
		if (typeof name !== "string" || !(tensor instanceof View))
			throw fault("no-state-dict", `its entry ${JSON.stringify(String(name).slice(0, 80))} is no tensor`, String(name));
		tensors.set(name, tensor);
	}
	return tensors;
}
