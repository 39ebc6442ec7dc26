/**
 * A machine for the few pickle opcodes that a PyTorch state dict is made of (protocols 2 to 5, pickletools.py). It
 * builds numbers, strings, lists, tuples and tables; every other object is the caller's decision, and nothing is run.
 */
import { type CheckpointFault, InvalidCheckpoint } from "./invalid-checkpoint.ts";

/** A class or function that the pickle names; it means nothing until the caller says so. */
export class PickledGlobal {
	readonly module: string;
	readonly name: string;

	constructor(module: string, name: string) {
		this.module = module;
		this.name = name;
	}
}

/** What the caller decides. Each throws `InvalidCheckpoint` for what it does not know. */
export interface PickleHost {
	/** Called for every name, before anything can be made of it. */
	allow(global: PickledGlobal): void;
	/** The value of calling a global. */
	reduce(global: PickledGlobal, args: readonly unknown[]): unknown;
	/** The value of a persistent id: in PyTorch, a storage. */
	persistent(id: unknown): unknown;
}

const maxDepth = 100_000;
const maxMemo = 1_000_000;
const mark = Symbol("mark");

/** Opcodes that a file may hold and that are never followed, by the names of Python's pickletools. */
const refusedNames: ReadonlyMap<number, string> = new Map([
	[0x30, "POP"],
	[0x46, "FLOAT"],
	[0x49, "INT"],
	[0x4c, "LONG"],
	[0x50, "PERSID"],
	[0x53, "STRING"],
	[0x54, "BINSTRING"],
	[0x56, "UNICODE"],
	[0x69, "INST"],
	[0x6f, "OBJ"],
	[0x81, "NEWOBJ"],
	[0x82, "EXT1"],
	[0x83, "EXT2"],
	[0x84, "EXT4"],
	[0x8b, "LONG4"],
	[0x92, "NEWOBJ_EX"],
	[0x96, "BYTEARRAY8"],
	[0x97, "NEXT_BUFFER"],
]);

/** The value that `bytes` describe. Throws `InvalidCheckpoint`; `source` names the file in messages. */
export function readPickle(bytes: Uint8Array, host: PickleHost, source: string): unknown {
	return new Machine(bytes, host, source).run();
}

class Machine {
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	readonly #host: PickleHost;
	readonly #source: string;
	readonly #stack: unknown[] = [];
	readonly #memo = new Map<number, unknown>();
	#at = 0;

	constructor(bytes: Uint8Array, host: PickleHost, source: string) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#host = host;
		this.#source = source;
	}

	run(): unknown {
		for (;;) {
			const at = this.#take(1);
			const code = this.#bytes[at]!;
			if (code === 0x2e) {
				if (this.#stack.length !== 1) throw this.#bad(`${this.#stack.length} values are left at its end`);
				return this.#pop();
			}
			const follow = opcodes.get(code);
			if (!follow) {
				const name = refusedNames.get(code) ?? `0x${code.toString(16).padStart(2, "0")}`;
				throw this.#fault("unknown-opcode", `the opcode ${name} at byte ${at} has no place in a state dict`, name);
			}
			follow(this);
			if (this.#stack.length > maxDepth)
				throw this.#fault("pickle-too-deep", `more than ${maxDepth} values wait on its stack`);
		}
	}

	push(value: unknown): void {
		this.#stack.push(value);
	}

	/** An unsigned number of so many bytes. */
	count(width: 1 | 2 | 4): number {
		const at = this.#take(width);
		if (width === 1) return this.#view.getUint8(at);
		return width === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
	}

	int32(): number {
		return this.#view.getInt32(this.#take(4), true);
	}

	float64(): number {
		return this.#view.getFloat64(this.#take(8), false);
	}

	/** A two's complement number of up to 8 bytes that a double holds exactly. */
	long(): number {
		const length = this.count(1);
		if (length > 8) throw this.#bad(`a number of ${length} bytes is larger than any size`);
		let value = 0n;
		for (const byte of this.#slice(length).toReversed()) value = (value << 8n) | BigInt(byte);
		const exact = Number(BigInt.asIntN(length * 8, value));
		if (!Number.isSafeInteger(exact)) throw this.#bad(`the number ${value} is larger than any size`);
		return exact;
	}

	skip(length: number): void {
		this.#take(length);
	}

	text(length: number): string {
		try {
			return new TextDecoder("utf-8", { fatal: true }).decode(this.#slice(length));
		} catch (cause) {
			throw this.#fault("bad-pickle", "the pickle holds text that is not UTF-8", undefined, cause);
		}
	}

	/** A name up to the end of its line. */
	line(): string {
		const end = this.#bytes.indexOf(0x0a, this.#at);
		if (end < 0) throw this.#bad("a name has no end");
		const text = this.text(end - this.#at);
		this.#take(1);
		return text;
	}

	remember(index: number): void {
		if (this.#memo.size >= maxMemo) throw this.#fault("pickle-too-deep", `it remembers more than ${maxMemo} values`);
		this.#memo.set(index, this.#top());
	}

	rememberNext(): void {
		this.remember(this.#memo.size);
	}

	recall(index: number): void {
		if (!this.#memo.has(index)) throw this.#bad(`it recalls value ${index}, which it never remembered`);
		this.push(this.#memo.get(index));
	}

	/** The last `count` values as a tuple. */
	tuple(count: number): void {
		this.push(Array.from({ length: count }, () => this.#pop()).reverse());
	}

	/** Everything above the last mark. */
	aboveMark(): unknown[] {
		const from = this.#stack.lastIndexOf(mark);
		if (from < 0) throw this.#bad("a mark is missing");
		const values = this.#stack.splice(from);
		return values.slice(1);
	}

	extend(items: readonly unknown[]): void {
		const list = this.#top();
		if (!Array.isArray(list)) throw this.#bad("items are put into what is no list");
		for (const item of items) list.push(item);
	}

	fill(items: readonly unknown[]): void {
		const table = this.#top();
		if (!(table instanceof Map) || items.length % 2 !== 0) throw this.#bad("entries are put into what is no table");
		for (let at = 0; at < items.length; at += 2) table.set(items[at], items[at + 1]);
	}

	one(): unknown {
		return this.#pop();
	}

	global(module: unknown, name: unknown): void {
		if (typeof module !== "string" || typeof name !== "string") throw this.#bad("a global is named by no text");
		const global = new PickledGlobal(module, name);
		this.#host.allow(global);
		this.push(global);
	}

	reduce(): void {
		const args = this.#pop();
		const global = this.#pop();
		if (!(global instanceof PickledGlobal) || !Array.isArray(args)) throw this.#bad("what is called is no global");
		this.push(this.#host.reduce(global, args));
	}

	/** Attributes of an ordered table, such as a state dict's version numbers: nothing here reads them. */
	build(): void {
		this.#pop();
		if (!(this.#top() instanceof Map)) throw this.#bad("attributes are given to what is no table");
	}

	persistent(): void {
		this.push(this.#host.persistent(this.#pop()));
	}

	#top(): unknown {
		const value = this.#stack.at(-1);
		if (value === undefined || value === mark) throw this.#bad("a value is missing");
		return value;
	}

	#pop(): unknown {
		const value = this.#top();
		this.#stack.pop();
		return value;
	}

	#slice(length: number): Uint8Array {
		const at = this.#take(length);
		return this.#bytes.subarray(at, at + length);
	}

	#take(length: number): number {
		const at = this.#at;
		if (at + length > this.#bytes.length) throw this.#bad("it is cut short");
		this.#at += length;
		return at;
	}

	#bad(problem: string): InvalidCheckpoint {
		return this.#fault("bad-pickle", `the pickle is damaged: ${problem}`);
	}

	#fault(fault: CheckpointFault, problem: string, subject = this.#source, cause?: unknown): InvalidCheckpoint {
		return new InvalidCheckpoint(fault, `${this.#source}: ${problem}.`, { subject, cause });
	}
}

type Follow = (machine: Machine) => void;

const opcodes: ReadonlyMap<number, Follow> = new Map<number, Follow>([
	[0x80, (machine) => machine.skip(1)], // PROTO
	[0x95, (machine) => machine.skip(8)], // FRAME
	[0x28, (machine) => machine.push(mark)], // MARK
	[0x7d, (machine) => machine.push(new Map())], // EMPTY_DICT
	[0x5d, (machine) => machine.push([])], // EMPTY_LIST
	[0x29, (machine) => machine.push([])], // EMPTY_TUPLE
	[0x74, (machine) => machine.push(machine.aboveMark())], // TUPLE
	[0x85, (machine) => machine.tuple(1)], // TUPLE1
	[0x86, (machine) => machine.tuple(2)], // TUPLE2
	[0x87, (machine) => machine.tuple(3)], // TUPLE3
	[0x61, (machine) => machine.extend([machine.one()])], // APPEND
	[0x65, (machine) => machine.extend(machine.aboveMark())], // APPENDS
	[0x73, (machine) => machine.fill([machine.one(), machine.one()].reverse())], // SETITEM
	[0x75, (machine) => machine.fill(machine.aboveMark())], // SETITEMS
	[0x71, (machine) => machine.remember(machine.count(1))], // BINPUT
	[0x72, (machine) => machine.remember(machine.count(4))], // LONG_BINPUT
	[0x94, (machine) => machine.rememberNext()], // MEMOIZE
	[0x68, (machine) => machine.recall(machine.count(1))], // BINGET
	[0x6a, (machine) => machine.recall(machine.count(4))], // LONG_BINGET
	[0x4a, (machine) => machine.push(machine.int32())], // BININT
	[0x4b, (machine) => machine.push(machine.count(1))], // BININT1
	[0x4d, (machine) => machine.push(machine.count(2))], // BININT2
	[0x8a, (machine) => machine.push(machine.long())], // LONG1
	[0x47, (machine) => machine.push(machine.float64())], // BINFLOAT
	[0x4e, (machine) => machine.push(null)], // NONE
	[0x88, (machine) => machine.push(true)], // NEWTRUE
	[0x89, (machine) => machine.push(false)], // NEWFALSE
	[0x58, (machine) => machine.push(machine.text(machine.count(4)))], // BINUNICODE
	[0x8c, (machine) => machine.push(machine.text(machine.count(1)))], // SHORT_BINUNICODE
	[0x63, (machine) => machine.global(machine.line(), machine.line())], // GLOBAL
	[0x93, (machine) => machine.global(...([machine.one(), machine.one()].reverse() as [unknown, unknown]))], // STACK_GLOBAL
	[0x52, (machine) => machine.reduce()], // REDUCE
	[0x62, (machine) => machine.build()], // BUILD
	[0x51, (machine) => machine.persistent()], // BINPERSID
]);
