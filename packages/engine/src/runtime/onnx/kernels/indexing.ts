/** Gathering, scattering and one-hot rows. */
import type { GatherV2Attrs, OneHotAttrs, ScatterNdAttrs, TopKAttrs, UnsortedSegmentSumAttrs } from "@tensorflow/tfjs";
import { sizeOf } from "../../host-arrays.ts";
import type { Kernel } from "../kernel.ts";
import { type Recording, type Value, valueType } from "../recording.ts";

export const GatherV2: Kernel<GatherV2Attrs> = ({ recording, inputs, attributes: { axis, batchDims } }) => {
	const x = inputs.x!;
	const indices = inputs.indices!;
	const along = axis < 0 ? axis + x.shape.length : axis;
	if (batchDims) return gatherBatched(recording, { x, indices, along, batchDims });
	const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
	return recording.emit("Gather", [x, indices], { shape, dtype: x.dtype, attributes: { axis: along } });
};

/** Each batch has indices of its own: they are counted on into the rows of all batches laid end to end. */
function gatherBatched(
	recording: Recording,
	call: { x: Value; indices: Value; along: number; batchDims: number },
): Value {
	const { x, indices, along, batchDims } = call;
	if (along !== batchDims) throw recording.unsupported("GatherV2 with axes between its batch and its gathered axis");
	const batches = sizeOf(x.shape.slice(0, along));
	const rows = x.shape[along]!;
	const starts = Array.from({ length: batches }, (_, batch) => batch * rows);
	const offsets = recording.constant(starts, [batches, 1], "int32");
	const local = recording.reshape(indices, [batches, sizeOf(indices.shape) / batches]);
	const places = recording.elementwise("Add", [local, offsets], "int32");
	const inner = x.shape.slice(along + 1);
	const picked = recording.emit("Gather", [recording.reshape(x, [batches * rows, ...inner]), places], {
		shape: [...places.shape, ...inner],
		dtype: x.dtype,
		attributes: { axis: 0 },
	});
	return recording.reshape(picked, [...indices.shape, ...inner]);
}

export const GatherNd: Kernel = ({ recording, inputs: { params, indices } }) => {
	const depth = indices!.shape.at(-1)!;
	const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)];
	return recording.emit("GatherND", [params!, recording.indices(indices!)], { shape, dtype: params!.dtype });
};

/** Segment ids must lie within 0 ... numSegments − 1. */
export const UnsortedSegmentSum: Kernel<UnsortedSegmentSumAttrs> = ({ recording, inputs, attributes }) => {
	const x = inputs.x!;
	const shape = [attributes.numSegments, ...x.shape.slice(1)];
	return addRows(recording, { rows: inputs.segmentIds!, updates: x, shape });
};

export const ScatterNd: Kernel<ScatterNdAttrs> = ({ recording, inputs, attributes: { shape } }) => {
	const indices = inputs.indices!;
	const depth = indices.shape.at(-1)!;
	const outer = shape.slice(0, depth);
	const strides = outer.map((_, axis) => sizeOf(outer.slice(axis + 1)));
	const terms = recording.elementwise("Mul", [indices, recording.constant(strides, [depth], "int32")], "int32");
	const rows = recording.emit("ReduceSum", [terms, recording.int64s([indices.shape.length - 1])], {
		shape: indices.shape.slice(0, -1),
		dtype: "int32",
		attributes: { keepdims: 0 },
	});
	const flat = addRows(recording, { rows, updates: inputs.updates!, shape: [sizeOf(outer), ...shape.slice(depth)] });
	return recording.reshape(flat, shape);
};

/**
 * Zeros of `shape` with each update added to its row, in order. ONNX Runtime's ScatterND adds whole rows, but in several
 * threads without a lock, which loses updates of equal rows: there ScatterElements adds number by number.
 */
function addRows(
	recording: Recording,
	{ rows, updates, shape }: { rows: Value; updates: Value; shape: readonly number[] },
): Value {
	const count = sizeOf(rows.shape);
	const width = sizeOf(updates.shape) / count;
	const flat = [shape[0]!, width];
	const column = recording.indices(recording.reshape(rows, [count, 1]));
	const [op, places] = recording.isSerial
		? ["ScatterND", column]
		: ["ScatterElements", recording.graph.node("Expand", [column, recording.int64s([count, width])])];
	const zeros = recording.uniform(0, flat, updates.dtype);
	const sums = recording.emit(op, [zeros, places, recording.reshape(updates, [count, width])], {
		shape: flat,
		dtype: updates.dtype,
		attributes: { reduction: "add" },
	});
	return recording.reshape(sums, shape);
}

/** The CPU provider has OneHot for float values only. */
export const OneHot: Kernel<OneHotAttrs> = ({ recording, inputs: { indices }, attributes }) => {
	const { depth, onValue, offValue, dtype } = attributes;
	const values = recording.graph.constant(new Uint8Array(new Float32Array([offValue, onValue]).buffer), [2], "float32");
	const hot = recording.emit("OneHot", [recording.indices(indices!), recording.int64s([depth]), values], {
		shape: [...indices!.shape, depth],
		dtype: "float32",
	});
	return recording.cast(hot, valueType(dtype));
};

export const TopK: Kernel<TopKAttrs> = ({ recording, inputs: { x }, attributes: { k, sorted } }) => {
	const shape = x!.shape.with(-1, k);
	const [values, places] = recording.graph.nodes("TopK", [recording.full(x!), recording.int64s([k])], {
		attributes: { axis: -1, largest: 1, sorted: sorted ? 1 : 0 },
		outputs: 2,
	}) as [string, string];
	return [{ name: values, shape, actual: shape, dtype: x!.dtype }, recording.fromInt64(places, shape)];
};
