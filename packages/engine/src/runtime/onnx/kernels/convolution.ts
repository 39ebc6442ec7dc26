/** Convolutions and average pooling with their gradients. TF.js keeps channels last, ONNX puts them first. */

import type {
	AvgPoolAttrs,
	AvgPoolGradAttrs,
	Conv2DAttrs,
	Conv2DBackpropFilterAttrs,
	Conv2DBackpropInputAttrs,
} from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Kernel } from "../kernel.ts";
import type { Recording, Value } from "../recording.ts";

type Shape4D = [number, number, number, number];
type Layout = "NHWC" | "NCHW";
type ConvInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

export const Conv2D: Kernel<Conv2DAttrs> = ({ recording, inputs, attributes }) => {
	const { strides, pad, dilations, dimRoundingMode, dataFormat } = attributes;
	const [x, filter] = [inputs.x!, inputs.filter!];
	const format = tf.backend_util.convertConv2DDataFormat(dataFormat);
	const shapes = [x.shape as Shape4D, filter.shape as Shape4D] as const;
	const info = tf.backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, dimRoundingMode, false, format);
	const operands = [channelsFirst(recording, x, dataFormat), recording.transpose(filter, [3, 2, 0, 1])];
	const convolved = recording.emit("Conv", operands, {
		shape: [info.batchSize, info.outChannels, info.outHeight, info.outWidth],
		dtype: "float32",
		attributes: window(info),
	});
	return fromChannelsFirst(recording, convolved, dataFormat);
};

export const Conv2DBackpropInput: Kernel<Conv2DBackpropInputAttrs> = ({ recording, inputs, attributes }) => {
	const { strides, pad, dimRoundingMode, dataFormat, inputShape } = attributes;
	const [dy, filter] = [inputs.dy!, inputs.filter!];
	const format = tf.backend_util.convertConv2DDataFormat(dataFormat);
	const filterShape = filter.shape as Shape4D;
	const info = tf.backend_util.computeConv2DInfo(
		inputShape,
		filterShape,
		strides,
		1,
		pad,
		dimRoundingMode,
		false,
		format,
	);
	const operands = [channelsFirst(recording, dy, dataFormat), recording.transpose(filter, [3, 2, 0, 1])];
	return fromChannelsFirst(recording, spread(recording, operands, { info, groups: 1 }), dataFormat);
};

/** The windows of x as rows, [batch · height · width, window · channels], make the gradient one matrix product. */
export const Conv2DBackpropFilter: Kernel<Conv2DBackpropFilterAttrs> = ({ recording, inputs, attributes }) => {
	const { strides, pad, dimRoundingMode, dataFormat, filterShape } = attributes;
	const [x, dy] = [channelsLast(recording, inputs.x!, dataFormat), channelsLast(recording, inputs.dy!, dataFormat)];
	const info = tf.backend_util.computeConv2DInfo(x.shape as Shape4D, filterShape, strides, 1, pad, dimRoundingMode);
	const positions = info.batchSize * info.outHeight * info.outWidth;
	const features = info.filterHeight * info.filterWidth * info.inChannels;
	const rows = recording.reshape(windows(recording, x, info), [positions, features]);
	const product = recording.emit("Gemm", [rows, recording.reshape(dy, [positions, info.outChannels])], {
		shape: [features, info.outChannels],
		dtype: "float32",
		attributes: { transA: 1 },
	});
	return recording.reshape(product, filterShape);
};

/** Padding does not count towards the mean. */
export const AvgPool: Kernel<AvgPoolAttrs> = ({ recording, inputs, attributes }) => {
	const { filterSize, strides, pad, dimRoundingMode } = attributes;
	const x = inputs.x!;
	const info = tf.backend_util.computePool2DInfo(x.shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
	const pooled = recording.emit("AveragePool", [channelsFirst(recording, x, "NHWC")], {
		shape: [info.batchSize, info.outChannels, info.outHeight, info.outWidth],
		dtype: "float32",
		attributes: { kernel_shape: [info.filterHeight, info.filterWidth], strides: strideOf(info), pads: padsOf(info) },
	});
	return fromChannelsFirst(recording, pooled, "NHWC");
};

export const AvgPoolGrad: Kernel<AvgPoolGradAttrs> = ({ recording, inputs, attributes }) => {
	const { filterSize, strides, pad } = attributes;
	const shape = inputs.input!.shape as Shape4D;
	const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
	if (padsOf(info).some((padding) => padding > 0)) throw recording.unsupported("the gradient of a padded AvgPool");
	const share = recording.uniform(1 / (info.filterHeight * info.filterWidth), []);
	const dy = recording.elementwise("Mul", [inputs.dy!, share], "float32");
	const ones = recording.uniform(1, [info.inChannels, 1, info.filterHeight, info.filterWidth]);
	const operands = [channelsFirst(recording, dy, "NHWC"), ones];
	return fromChannelsFirst(recording, spread(recording, operands, { info, groups: info.inChannels }), "NHWC");
};

/** Adds each output position, times the filter, onto the input positions of its window; [batch, channels, ...]. */
function spread(
	recording: Recording,
	operands: readonly Value[],
	{ info, groups }: { info: ConvInfo; groups: number },
): Value {
	const { padInfo, inHeight, inWidth } = info;
	const rest = (extent: number, positions: number, stride: number, filter: number, padding: number) =>
		extent + padding - (positions - 1) * stride - filter;
	const { filterHeight, filterWidth } = info;
	const below = rest(inHeight, info.outHeight, info.strideHeight, filterHeight, padInfo.top + padInfo.bottom);
	const right = rest(inWidth, info.outWidth, info.strideWidth, filterWidth, padInfo.left + padInfo.right);
	const { dilations: _, ...attributes } = window(info);
	return recording.emit("ConvTranspose", operands, {
		shape: [info.batchSize, info.inChannels, inHeight, inWidth],
		dtype: "float32",
		attributes: { ...attributes, group: groups, output_padding: [below, right] },
	});
}

/** Every window's elements side by side: [batch, height, width, window · channels]. */
function windows(recording: Recording, x: Value, info: ConvInfo): Value {
	const { padInfo, strideHeight, strideWidth, outHeight, outWidth, batchSize, inChannels } = info;
	const pads = [0, padInfo.top, padInfo.left, 0, 0, padInfo.bottom, padInfo.right, 0];
	const height = info.inHeight + padInfo.top + padInfo.bottom;
	const width = info.inWidth + padInfo.left + padInfo.right;
	const padded = pads.some((padding) => padding > 0)
		? recording.emit("Pad", [x, recording.int64s(pads)], {
				shape: [batchSize, height, width, inChannels],
				dtype: x.dtype,
			})
		: x;
	const shifts = Array.from({ length: info.filterHeight * info.filterWidth }, (_, index) => {
		const top = Math.floor(index / info.filterWidth);
		const left = index % info.filterWidth;
		const range = [
			recording.int64s([top, left]),
			recording.int64s([top + (outHeight - 1) * strideHeight + 1, left + (outWidth - 1) * strideWidth + 1]),
			recording.int64s([1, 2]),
			recording.int64s([strideHeight, strideWidth]),
		];
		return recording.emit("Slice", [padded, ...range], {
			shape: [batchSize, outHeight, outWidth, inChannels],
			dtype: x.dtype,
		});
	});
	const shape = [batchSize, outHeight, outWidth, inChannels * shifts.length];
	return recording.emit("Concat", shifts, { shape, dtype: x.dtype, attributes: { axis: 3 } });
}

function window(info: ConvInfo) {
	return {
		kernel_shape: [info.filterHeight, info.filterWidth],
		strides: strideOf(info),
		dilations: [info.dilationHeight, info.dilationWidth],
		pads: padsOf(info),
	};
}

function strideOf({ strideHeight, strideWidth }: ConvInfo): number[] {
	return [strideHeight, strideWidth];
}

function padsOf({ padInfo }: ConvInfo): number[] {
	return [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right];
}

function channelsFirst(recording: Recording, value: Value, layout: Layout): Value {
	return layout === "NHWC" ? recording.transpose(value, [0, 3, 1, 2]) : value;
}

function fromChannelsFirst(recording: Recording, value: Value, layout: Layout): Value {
	return layout === "NHWC" ? recording.transpose(value, [0, 2, 3, 1]) : value;
}

function channelsLast(recording: Recording, value: Value, layout: Layout): Value {
	return layout === "NHWC" ? value : recording.transpose(value, [0, 2, 3, 1]);
}
