/** Reductions along axes, and the normalisations built on them. */
import type { ArgMaxAttrs, CumsumAttrs, LogSoftmaxAttrs, MaxAttrs, SoftmaxAttrs, SumAttrs } from "@tensorflow/tfjs";
import { sizeOf } from "../../host-arrays.ts";
import type { Kernel } from "../kernel.ts";
import { type Recording, resolveAxes, type Value } from "../recording.ts";

/** Until opset 18 only ReduceSum takes its axes as an input. */
function reduce(op: string): Kernel<SumAttrs> {
	return ({ recording, inputs: { x }, attributes: { axis, keepDims } }) => {
		const axes = resolveAxes(axis, x!.shape.length);
		if (!axes.length) return x!;
		const kept = x!.shape.map((extent, index) => (axes.includes(index) ? 1 : extent));
		const shape = keepDims ? kept : x!.shape.filter((_, index) => !axes.includes(index));
		if (x!.uniform !== undefined && op === "ReduceSum")
			return recording.uniform(x!.uniform * (sizeOf(x!.shape) / sizeOf(kept)), shape, x!.dtype);
		const options = { shape, dtype: x!.dtype };
		const keepdims = keepDims ? 1 : 0;
		const emit = (name: string, value: Value) =>
			recording.emit(name, [value], { ...options, attributes: { axes, keepdims } });
		if (op !== "ReduceSum" && op !== "ReduceMean") return emit(op, x!);
		const { scale = 1, ...bare } = x!;
		if (op === "ReduceMean") return recording.scaled(emit(op, bare), scale);
		const square = squared(recording, bare);
		if (square) return recording.scaled(emit("ReduceSumSquare", square), scale);
		const sum = recording.emit(op, [bare, recording.int64s(axes)], { ...options, attributes: { keepdims } });
		return recording.scaled(sum, scale);
	};
}

/** What was multiplied by itself to make the value, if anything was: its squares need not be written down. */
function squared(recording: Recording, value: Value): Value | undefined {
	const maker = recording.graph.producer(value.name);
	const [factor, other] = maker?.op === "Mul" ? (maker.inputs as [string, string]) : [];
	return factor !== undefined && factor === other ? { ...value, name: factor } : undefined;
}

export const Sum = reduce("ReduceSum");
export const Mean = reduce("ReduceMean");
const maximum = reduce("ReduceMax");

/** TF.js names the axes of this one reduction differently. */
export const Max: Kernel<MaxAttrs> = (call) => {
	const { reductionIndices, keepDims } = call.attributes;
	return maximum({ ...call, attributes: { axis: reductionIndices, keepDims } });
};

export const Min = reduce("ReduceMin");
export const Prod = reduce("ReduceProd");

/** ONNX has no logical reductions: true is 1, so any is the maximum and all the minimum. */
function reduceBool(kernel: Kernel<SumAttrs>): Kernel<SumAttrs> {
	return (call) => {
		const numbers = call.recording.cast(call.inputs.x!, "int32");
		const reduced = kernel({ ...call, inputs: { x: numbers } });
		return call.recording.cast(Array.isArray(reduced) ? reduced[0]! : reduced, "bool");
	};
}

export const Any = reduceBool(maximum);
export const All = reduceBool(Min);

/** Indices leave ONNX as int64. */
function argument(op: string): Kernel<ArgMaxAttrs> {
	return ({ recording, inputs: { x }, attributes: { axis } }) => {
		const [along] = resolveAxes(axis, x!.shape.length) as [number];
		const shape = x!.shape.toSpliced(along, 1);
		const found = recording.graph.node(op, [recording.full(x!)], { axis: along, keepdims: 0 });
		return recording.fromInt64(found, shape);
	};
}

export const ArgMax = argument("ArgMax");
export const ArgMin = argument("ArgMin");

export const Softmax: Kernel<SoftmaxAttrs> = ({ recording, inputs: { logits }, attributes: { dim } }) =>
	recording.emit("Softmax", [logits!], { shape: logits!.shape, dtype: "float32", attributes: { axis: dim } });

export const LogSoftmax: Kernel<LogSoftmaxAttrs> = ({ recording, inputs: { logits }, attributes: { axis } }) =>
	recording.emit("LogSoftmax", [logits!], { shape: logits!.shape, dtype: "float32", attributes: { axis } });

export const Cumsum: Kernel<CumsumAttrs> = ({ recording, inputs: { x }, attributes: { axis, exclusive, reverse } }) => {
	const [along] = resolveAxes(axis, x!.shape.length) as [number];
	const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
	return recording.emit("CumSum", [x!, recording.int64s([along])], { shape: x!.shape, dtype: x!.dtype, attributes });
};
