/** What kernels write into: symbolic values, and the graph nodes that make them. */
import type { DataType } from "@tensorflow/tfjs";
import { MithridateError } from "../../errors.ts";
import { type ElementType, Graph } from "./graph.ts";
import type { Attribute } from "./node.ts";

export type ValueType = "float32" | "int32" | "bool";

/**
 * A tensor that will exist when the graph runs. Its node may yield a smaller shape that broadcasts to `shape`:
 * fills and the gradients of sums stay small until something needs them at full size.
 */
export interface Value {
	readonly name: string;
	readonly shape: readonly number[];
	/** The shape the node really yields. */
	readonly actual: readonly number[];
	readonly dtype: ValueType;
	/** Set when every element is this number. */
	readonly uniform?: number;
	/** The tensor is this multiple of what the node yields; factors wait here until a product can take them in. */
	readonly scale?: number;
}

/** How a kernel describes the node it wants. */
export interface NodeOptions {
	readonly shape: readonly number[];
	readonly dtype: ValueType;
	readonly attributes?: Readonly<Record<string, Attribute>>;
	readonly domain?: string;
}

/** One program being recorded. */
export class Recording {
	readonly graph = new Graph();
	/** The program's name, for messages. */
	readonly program: string;
	/** Whether each node runs in one thread. */
	readonly isSerial: boolean;

	constructor(program: string, { isSerial }: { isSerial: boolean }) {
		this.program = program;
		this.isSerial = isSerial;
	}

	/** A node with one output; values are given at their full shapes, strings are names of graph constants. */
	emit(op: string, inputs: readonly (Value | string)[], options: NodeOptions): Value {
		return this.emitMany(op, inputs, [options])[0]!;
	}

	/** As `emit`, with several outputs; attributes and domain are read from the first. */
	emitMany(op: string, inputs: readonly (Value | string)[], outputs: readonly NodeOptions[]): Value[] {
		const names = inputs.map((input) => (typeof input === "string" ? input : this.full(input)));
		const { attributes = {}, domain } = outputs[0]!;
		const made = this.graph.nodes(op, names, {
			attributes,
			outputs: outputs.length,
			...(domain === undefined ? {} : { domain }),
		});
		return outputs.map(({ shape, dtype }, index) => ({ name: made[index]!, shape, actual: shape, dtype }));
	}

	/** An element-wise node: it works on the values as small as they are. */
	elementwise(
		op: string,
		inputs: readonly Value[],
		dtype: ValueType,
		attributes: Readonly<Record<string, Attribute>> = {},
	): Value {
		const names = inputs.map((input) => this.plain(input).name);
		const shape = inputs.map((input) => input.shape).reduce(broadcast);
		const actual = inputs.map((input) => input.actual).reduce(broadcast);
		return { name: this.graph.node(op, names, attributes), shape, actual, dtype };
	}

	/** The value's name at its full shape, expanding it if need be. */
	full(value: Value): string {
		const { name, actual, shape } = this.plain(value);
		return sameShape(actual, shape) ? name : this.graph.node("Expand", [name, this.int64s(shape)]);
	}

	/** The value with its factor applied. */
	plain(value: Value): Value {
		if (value.scale === undefined) return value;
		const { scale, ...bare } = value;
		return { ...bare, name: this.graph.node("Mul", [bare.name, this.graph.number(scale)]) };
	}

	/** The value times a number, which waits to be applied. */
	scaled(value: Value, factor: number): Value {
		if (factor === 1) return value;
		if (value.uniform !== undefined) return this.uniform(value.uniform * factor, value.shape);
		const name = this.#scaledProduct(value.name, factor);
		if (name) return { ...value, name };
		return { ...value, scale: (value.scale ?? 1) * factor };
	}

	/** A product takes the factor in at once: the multiplication written behind it, before any reshape, is fused later. */
	#scaledProduct(name: string, factor: number): string | undefined {
		const producer = this.graph.producer(name);
		if (producer && PRODUCTS.includes(producer.op)) return this.graph.node("Mul", [name, this.graph.number(factor)]);
		if (producer?.op !== "Reshape") return undefined;
		const inner = this.#scaledProduct(producer.inputs[0]!, factor);
		return inner && this.graph.node("Reshape", [inner, producer.inputs[1]!]);
	}

	/** The same elements under another shape. */
	reshape(value: Value, shape: readonly number[]): Value {
		if (sameShape(value.shape, shape)) return value;
		if (value.uniform !== undefined) return { ...value, shape };
		const { scale = 1, ...bare } = value;
		const whole = this.full(bare);
		const before = this.graph.producer(whole);
		const source = before?.op === "Reshape" ? before.inputs[0]! : whole;
		const name = this.graph.node("Reshape", [source, this.int64s(shape)]);
		return this.scaled({ name, shape, actual: shape, dtype: value.dtype }, scale);
	}

	transpose(value: Value, order: readonly number[]): Value {
		if (order.every((axis, index) => axis === index)) return value;
		const shape = order.map((axis) => value.shape[axis]!);
		if (value.uniform !== undefined) return { ...value, shape };
		const { scale = 1, ...bare } = value;
		const moved = this.emit("Transpose", [bare], { shape, dtype: value.dtype, attributes: { perm: order } });
		return this.scaled(moved, scale);
	}

	cast(value: Value, dtype: ValueType): Value {
		if (value.dtype === dtype) return value;
		const node = this.graph.node("Cast", [this.plain(value).name], { to: CAST_TO[dtype] });
		return { name: node, shape: value.shape, actual: value.actual, dtype };
	}

	/** The value's name as int64, which ONNX wants for indices. */
	indices(value: Value): string {
		return this.graph.node("Cast", [this.full(value)], { to: CAST_TO.int64 });
	}

	/** An int64 node as the int32 that TF.js counts with. */
	fromInt64(name: string, shape: readonly number[]): Value {
		return { name: this.graph.node("Cast", [name], { to: CAST_TO.int32 }), shape, actual: shape, dtype: "int32" };
	}

	/** A constant int64 vector: shapes, axes and offsets. */
	int64s(numbers: readonly number[]): string {
		const data = BigInt64Array.from(numbers, (number) => BigInt(number));
		return this.graph.constant(new Uint8Array(data.buffer), [data.length], "int64");
	}

	/** A constant of one element, to be seen at any shape. */
	uniform(uniform: number, shape: readonly number[], dtype: ValueType = "float32"): Value {
		const float = dtype === "float32";
		const name = float ? this.graph.number(uniform) : this.graph.constant(encodeElements([uniform], dtype), [], dtype);
		return { name, shape, actual: [], dtype, uniform };
	}

	/** A constant array; one that repeats a single number is kept as that number. */
	constant(elements: ArrayLike<number>, shape: readonly number[], dtype: ValueType): Value {
		const first = elements[0];
		if (first !== undefined && isUniform(elements, first)) return this.uniform(first, shape, dtype);
		const name = this.graph.constant(encodeElements(elements, dtype), shape, dtype);
		return { name, shape, actual: shape, dtype };
	}

	unsupported(what: string): MithridateError {
		return new MithridateError(
			"unsupported-kernel",
			`Program "${this.program}" uses ${what}, which the onnx runtime cannot record. Use another operation, or add it to runtime/onnx/kernels.`,
			{ subject: what },
		);
	}
}

const PRODUCTS: readonly string[] = ["Gemm", "MatMul", "FusedMatMul"];

const CAST_TO: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** NumPy's broadcasting rule. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
	const rank = Math.max(a.length, b.length);
	return Array.from({ length: rank }, (_, index) => {
		const left = a[index - rank + a.length] ?? 1;
		const right = b[index - rank + b.length] ?? 1;
		if (left !== right && left !== 1 && right !== 1) throw new Error(`[${a}] and [${b}] do not broadcast.`);
		return left === 1 ? right : left;
	});
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
	return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Narrows TF.js's element types to those that cross into a graph. */
export function valueType(dtype: DataType): ValueType {
	if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
	throw new TypeError(`Tensors of type ${dtype} cannot be recorded.`);
}

/** Axes counted from the front, ascending; all of them when none are named. */
export function resolveAxes(axis: number | readonly number[] | undefined | null, rank: number): number[] {
	if (axis === undefined || axis === null) return Array.from({ length: rank }, (_, index) => index);
	const axes = typeof axis === "number" ? [axis] : axis;
	return axes.map((each) => (each < 0 ? each + rank : each)).sort((a, b) => a - b);
}

function isUniform(elements: ArrayLike<number>, first: number): boolean {
	for (let index = 1; index < elements.length; index++) if (elements[index] !== first) return false;
	return true;
}

function encodeElements(elements: ArrayLike<number>, dtype: ValueType): Uint8Array {
	if (dtype === "bool") return Uint8Array.from(elements, (element) => (element ? 1 : 0));
	const typed = dtype === "int32" ? Int32Array.from(elements) : Float32Array.from(elements);
	return new Uint8Array(typed.buffer);
}
