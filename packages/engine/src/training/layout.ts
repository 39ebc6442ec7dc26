/** Parameters as a few flat buffers: one optimizer pass over each, and few values for the runtime to carry. */
import * as tf from "@tensorflow/tfjs";
import { isStatistic } from "../model/batch-norm.ts";
import type { Tensors } from "../runtime/contract.ts";
import type { HostTensor } from "../types.ts";

/** Matrices decay; vectors and the temperature do not; statistics are measured, not learned; frozen never changes. */
export type GroupName = "matrices" | "vectors" | "temperature" | "statistics" | "frozen";

/** One parameter's place in its group's buffer. */
interface Entry {
	readonly name: string;
	readonly shape: readonly number[];
	readonly size: number;
}

export interface Group {
	readonly name: GroupName;
	readonly entries: readonly Entry[];
	/** Numbers in the buffer. */
	readonly size: number;
}

/** Groups that are not empty, those that learn first. */
export type Layout = readonly Group[];

/** Sorts parameters into groups, in the order given. */
export function layOut(
	shapes: Readonly<Record<string, readonly number[]>>,
	isFrozen: (name: string) => boolean,
): Layout {
	const entries = Object.entries(shapes).map(([name, shape]) => ({
		name,
		shape,
		size: shape.reduce((product, side) => product * side, 1),
	}));
	const groupOf = ({ name, shape }: Entry): GroupName => {
		if (isFrozen(name)) return "frozen";
		if (isStatistic(name)) return "statistics";
		if (name === "logit_scale") return "temperature";
		return shape.length >= 2 ? "matrices" : "vectors";
	};
	return (["matrices", "vectors", "temperature", "statistics", "frozen"] as const)
		.map((name) => {
			const own = entries.filter((entry) => groupOf(entry) === name);
			return { name, entries: own, size: own.reduce((sum, { size }) => sum + size, 0) };
		})
		.filter(({ size }) => size > 0);
}

/** The groups that an optimizer moves. */
export function learningGroups(layout: Layout): readonly Group[] {
	return layout.filter(({ name }) => name !== "frozen" && name !== "statistics");
}

/** One group's parameters, end to end. */
export function flatten({ entries, size }: Group, parameters: Readonly<Record<string, HostTensor>>): Float32Array {
	const flat = new Float32Array(size);
	let at = 0;
	for (const { name, size: length } of entries) {
		flat.set(parameters[name]!.data, at);
		at += length;
	}
	return flat;
}

/** The inverse of `flatten`, in copies. */
export function unflatten({ entries }: Group, flat: Float32Array): Record<string, HostTensor> {
	const parameters: Record<string, HostTensor> = {};
	let at = 0;
	for (const { name, shape, size } of entries) {
		parameters[name] = { shape, data: flat.slice(at, at + size) };
		at += size;
	}
	return parameters;
}

/** The inverse of `unpack`. */
export function pack({ entries }: Group, tensors: Tensors): tf.Tensor1D {
	return tf.concat(entries.map(({ name, size }) => tf.reshape(tensors[name]!, [size])));
}

/** A group's buffer [size] as named tensors; differentiable, its gradient is flat again. */
export function unpack({ entries }: Group, flat: tf.Tensor): Tensors {
	const parts =
		entries.length === 1
			? [flat]
			: tf.split(
					flat,
					entries.map(({ size }) => size),
				);
	return Object.fromEntries(entries.map(({ name, shape }, at) => [name, tf.reshape(parts[at]!, [...shape])]));
}
