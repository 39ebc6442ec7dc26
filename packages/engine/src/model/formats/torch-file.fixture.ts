/** Writes archives as `torch.save` does, and damaged ones as it never would. */
import { crc32 } from "node:zlib";
import type { HostTensor } from "../../types.ts";

/** A pickle put together opcode by opcode, by the names of Python's pickletools. */
export const op = {
	proto: [0x80, 2],
	mark: [0x28],
	stop: [0x2e],
	emptyDict: [0x7d],
	emptyTuple: [0x29],
	tuple: [0x74],
	setItems: [0x75],
	reduce: [0x52],
	persistentId: [0x51],
	none: [0x4e],
	true: [0x88],
	false: [0x89],
	int: (value: number) => [0x4a, ...new Uint8Array(Int32Array.of(value).buffer)],
	text(value: string): number[] {
		const bytes = new TextEncoder().encode(value);
		return [0x58, ...new Uint8Array(Uint32Array.of(bytes.length).buffer), ...bytes];
	},
	global: (module: string, name: string) => [0x63, ...new TextEncoder().encode(`${module}\n${name}\n`)],
} as const;

/** A tuple of already pickled parts. */
function tupleOf(...parts: readonly (readonly number[])[]): number[] {
	return [...op.mark, ...parts.flat(), ...op.tuple];
}

/** What stands for a tensor in a state dict: float32, of the storage `key`. */
export function pickledTensor(options: {
	readonly key: string;
	readonly length: number;
	readonly offset?: number;
	readonly shape: readonly number[];
	readonly strides: readonly number[];
	readonly storage?: string;
}): number[] {
	const { key, length, offset = 0, shape, strides, storage = "FloatStorage" } = options;
	const id = tupleOf(op.text("storage"), op.global("torch", storage), op.text(key), op.text("cpu"), op.int(length));
	const ordered = [...op.global("collections", "OrderedDict"), ...op.emptyTuple, ...op.reduce];
	const args = tupleOf(
		[...id, ...op.persistentId],
		op.int(offset),
		tupleOf(...shape.map(op.int)),
		tupleOf(...strides.map(op.int)),
		op.false,
		ordered,
	);
	return [...op.global("torch._utils", "_rebuild_tensor_v2"), ...args, ...op.reduce];
}

/** A pickle of one table. */
export function pickledTable(entries: readonly (readonly [string, readonly number[]])[]): Uint8Array {
	const items = entries.flatMap(([name, value]) => [...op.text(name), ...value]);
	return Uint8Array.from([...op.proto, ...op.emptyDict, ...op.mark, ...items, ...op.setItems, ...op.stop]);
}

/** A whole state dict as `torch.save` writes it. */
export function torchFile(tensors: Readonly<Record<string, HostTensor>>): Uint8Array {
	const named = Object.entries(tensors);
	const table = named.map(([name, { shape, data }], key): [string, number[]] => {
		const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
		return [name, pickledTensor({ key: String(key), length: data.length, shape, strides })];
	});
	const files = named.map(([, { data }], key): [string, Uint8Array] => [
		`archive/data/${key}`,
		new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
	]);
	return zipOf([["archive/data.pkl", pickledTable(table)], ...files, ["archive/version", Buffer.from("3\n")]]);
}

/** An archive without compression; `method` 8 claims it. */
export function zipOf(files: readonly (readonly [string, Uint8Array])[], method = 0): Uint8Array {
	const locals: Buffer[] = [];
	const central: Buffer[] = [];
	let offset = 0;
	for (const [name, content] of files) {
		const title = Buffer.from(name);
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(method, 4);
		common.writeUInt32LE(crc32(content), 10);
		common.writeUInt32LE(content.length, 14);
		common.writeUInt32LE(content.length, 18);
		common.writeUInt16LE(title.length, 22);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(offset, 10);
		central.push(Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), common, tail, title);
		const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), common, title, content]);
		locals.push(local);
		offset += local.length;
	}
	const directory = Buffer.concat(central);
	const end = Buffer.alloc(22);
	end.write("PK\u0005\u0006", "latin1");
	end.writeUInt16LE(files.length, 8);
	end.writeUInt16LE(files.length, 10);
	end.writeUInt32LE(directory.length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...locals, directory, end]);
}
