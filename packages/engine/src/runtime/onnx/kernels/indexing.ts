/** Gathering, scattering and one-hot rows. */
import type { GatherV2Attrs, OneHotAttrs, ScatterNdAttrs, TopKAttrs, UnsortedSegmentSumAttrs } from "@tensorflow/tfjs";
import type { Kernel } from "../kernel.ts";
import { valueType } from "../recording.ts";

/** With one batch dimension each row has its own indices; ONNX's GatherElements then wants them at the output's shape. */
export const GatherV2: Kernel<GatherV2Attrs> = ({
	recording,
	inputs: { x, indices },
	attributes: { axis, batchDims },
}) => {
	if (batchDims) throw recording.unsupported("GatherV2 with batchDims");
	const along = axis < 0 ? axis + x!.shape.length : axis;
	const shape = [...x!.shape.slice(0, along), ...indices!.shape, ...x!.shape.slice(along + 1)];
	return recording.emit("Gather", [x!, indices!], { shape, dtype: x!.dtype, attributes: { axis: along } });
};

export const GatherNd: Kernel = ({ recording, inputs: { params, indices } }) => {
	const depth = indices!.shape.at(-1)!;
	const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)];
	return recording.emit("GatherND", [params!, recording.indices(indices!)], { shape, dtype: params!.dtype });
};

export const UnsortedSegmentSum: Kernel<UnsortedSegmentSumAttrs> = ({
	recording,
	inputs,
	attributes: { numSegments },
}) => {
	const { x, segmentIds } = inputs;
	const shape = [numSegments, ...x!.shape.slice(1)];
	const rows = recording.indices(recording.reshape(segmentIds!, [...segmentIds!.shape, 1]));
	return recording.emit("ScatterND", [recording.uniform(0, shape, x!.dtype), rows, x!], {
		shape,
		dtype: x!.dtype,
		attributes: { reduction: "add" },
	});
};

export const ScatterNd: Kernel<ScatterNdAttrs> = ({ recording, inputs: { indices, updates }, attributes: { shape } }) =>
	recording.emit("ScatterND", [recording.uniform(0, shape, updates!.dtype), recording.indices(indices!), updates!], {
		shape,
		dtype: updates!.dtype,
		attributes: { reduction: "add" },
	});

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
