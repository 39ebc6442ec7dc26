/** Views and rearrangements: what moves elements without computing on them. */

import type {
	BroadCastToAttrs,
	CastAttrs,
	ConcatAttrs,
	ExpandDimsAttrs,
	PackAttrs,
	PadV2Attrs,
	ReshapeAttrs,
	ReverseAttrs,
	SliceAttrs,
	SplitVAttrs,
	StridedSliceAttrs,
	TileAttrs,
	TransposeAttrs,
	UnpackAttrs,
} from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../../host-arrays.ts";
import type { Kernel } from "../kernel.ts";
import { type Recording, resolveAxes, type Value, valueType } from "../recording.ts";

export const Identity: Kernel = ({ inputs: { x } }) => x!;

/** TF.js casts to bool by comparing with zero, and truncates to int32, as ONNX does. */
export const Cast: Kernel<CastAttrs> = ({ recording, inputs: { x }, attributes: { dtype } }) =>
	recording.cast(x!, valueType(dtype));

export const Reshape: Kernel<ReshapeAttrs> = ({ recording, inputs: { x }, attributes: { shape } }) =>
	recording.reshape(x!, tf.util.inferFromImplicitShape(shape, sizeOf(x!.shape)));

export const ExpandDims: Kernel<ExpandDimsAttrs> = ({ recording, inputs: { input }, attributes: { dim } }) => {
	const shape = [...input!.shape];
	shape.splice(dim < 0 ? shape.length + dim + 1 : dim, 0, 1);
	return recording.reshape(input!, shape);
};

export const Transpose: Kernel<TransposeAttrs> = ({ recording, inputs: { x }, attributes: { perm } }) =>
	recording.transpose(x!, perm ?? x!.shape.map((_, axis) => x!.shape.length - 1 - axis));

export const BroadcastTo: Kernel<BroadCastToAttrs> = ({ inputs: { x }, attributes: { shape } }) => ({ ...x!, shape });

export const Slice: Kernel<SliceAttrs> = ({ recording, inputs: { x }, attributes: { begin, size } }) => {
	const begins = [begin].flat();
	const ends = [size].flat().map((extent, axis) => (extent < 0 ? x!.shape[axis]! : begins[axis]! + extent));
	return slice(recording, x!, { begins, ends });
};

export const StridedSlice: Kernel<StridedSliceAttrs> = ({ recording, inputs: { x }, attributes }) => {
	const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
	const info = tf.slice_util.sliceInfo(
		[...x!.shape],
		begin,
		end,
		strides,
		beginMask,
		endMask,
		ellipsisMask,
		newAxisMask,
		shrinkAxisMask,
	);
	const sliced = slice(recording, x!, { begins: info.begin, ends: info.end, steps: info.strides });
	return recording.reshape(sliced, info.finalShape);
};

export const SplitV: Kernel<SplitVAttrs> = ({ recording, inputs: { x }, attributes: { numOrSizeSplits, axis } }) => {
	const along = axis < 0 ? axis + x!.shape.length : axis;
	const extent = x!.shape[along]!;
	const sizes =
		typeof numOrSizeSplits === "number"
			? Array<number>(numOrSizeSplits).fill(extent / numOrSizeSplits)
			: numOrSizeSplits.map((size, _, all) =>
					size < 0 ? extent - all.reduce((sum, each) => sum + Math.max(each, 0), 0) : size,
				);
	if (sizes.length === 1) return [x!];
	const outputs = sizes.map((size) => ({
		shape: x!.shape.with(along, size),
		dtype: x!.dtype,
		attributes: { axis: along },
	}));
	return recording.emitMany("Split", [x!, recording.int64s(sizes)], outputs);
};

export const Concat: Kernel<ConcatAttrs> = ({ recording, inputs, attributes: { axis } }) =>
	concatenate(recording, Object.values(inputs), axis);

export const Pack: Kernel<PackAttrs> = ({ recording, inputs, attributes: { axis } }) => {
	const along = axis < 0 ? axis + inputs[0]!.shape.length + 1 : axis;
	const rows = Object.values(inputs).map((value) => recording.reshape(value, value.shape.toSpliced(along, 0, 1)));
	return concatenate(recording, rows, along);
};

export const Unpack: Kernel<UnpackAttrs> = ({ recording, inputs: { value }, attributes: { axis } }) => {
	const along = axis < 0 ? axis + value!.shape.length : axis;
	return Array.from({ length: value!.shape[along]! }, (_, index) => {
		const begins = value!.shape.map((__, each) => (each === along ? index : 0));
		const row = slice(recording, value!, { begins, ends: value!.shape.with(along, index + 1) });
		return recording.reshape(row, value!.shape.toSpliced(along, 1));
	});
};

export const PadV2: Kernel<PadV2Attrs> = ({ recording, inputs: { x }, attributes: { paddings, constantValue } }) => {
	if (paddings.every(([before, after]) => before + after === 0)) return x!;
	const pads = recording.int64s([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
	const shape = x!.shape.map((extent, axis) => paddings[axis]![0] + extent + paddings[axis]![1]);
	return recording.emit("Pad", [x!, pads, recording.uniform(constantValue, [], x!.dtype)], { shape, dtype: x!.dtype });
};

export const Tile: Kernel<TileAttrs> = ({ recording, inputs: { x }, attributes: { reps } }) => {
	const shape = x!.shape.map((extent, axis) => extent * reps[axis]!);
	if (x!.shape.every((extent, axis) => extent === 1 || reps[axis] === 1)) return { ...x!, shape };
	return recording.emit("Tile", [x!, recording.int64s(reps)], { shape, dtype: x!.dtype });
};

export const Reverse: Kernel<ReverseAttrs> = ({ recording, inputs: { x }, attributes: { dims } }) => {
	const axes = resolveAxes(dims, x!.shape.length);
	const reversed = (axis: number) => axes.includes(axis);
	return slice(recording, x!, {
		begins: x!.shape.map((extent, axis) => (reversed(axis) ? extent - 1 : 0)),
		ends: x!.shape.map((extent, axis) => (reversed(axis) ? -1 : extent)),
		steps: x!.shape.map((_, axis) => (reversed(axis) ? -1 : 1)),
	});
};

function concatenate(recording: Recording, values: readonly Value[], axis: number): Value {
	if (values.length === 1) return values[0]!;
	const first = values[0]!;
	const along = axis < 0 ? axis + first.shape.length : axis;
	const extent = values.reduce((sum, value) => sum + value.shape[along]!, 0);
	const shape = first.shape.with(along, extent);
	return recording.emit("Concat", values, { shape, dtype: first.dtype, attributes: { axis: along } });
}

/** Elements from `begins` to before `ends`; a negative step's end of −1 means past the first element. */
function slice(
	recording: Recording,
	x: Value,
	range: { begins: readonly number[]; ends: readonly number[]; steps?: readonly number[] },
): Value {
	const { begins, ends, steps = begins.map(() => 1) } = range;
	const shape = begins.map((begin, axis) => Math.max(0, Math.ceil((ends[axis]! - begin) / steps[axis]!)));
	const axes = begins.map((_, axis) => axis).filter((axis) => shape[axis] !== x.shape[axis] || steps[axis] !== 1);
	if (!axes.length) return x;
	if (x.uniform !== undefined) return { ...x, shape };
	const pick = (numbers: readonly number[]) => recording.int64s(axes.map((axis) => numbers[axis]!));
	const stops = ends.map((end, axis) => (end < 0 && steps[axis]! < 0 ? -x.shape[axis]! - 1 : end));
	return recording.emit("Slice", [x, pick(begins), pick(stops), recording.int64s(axes), pick(steps)], {
		shape,
		dtype: x.dtype,
	});
}
