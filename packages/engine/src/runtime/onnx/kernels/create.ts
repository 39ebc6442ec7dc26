/** Tensors from nothing but numbers. */
import type { FillAttrs, LinSpaceAttrs, RangeAttrs } from "@tensorflow/tfjs";
import type { Kernel } from "../kernel.ts";
import { valueType } from "../recording.ts";

export const Fill: Kernel<FillAttrs> = ({ recording, attributes: { shape, value, dtype } }) =>
	recording.uniform(Number(value), shape, valueType(dtype ?? "float32"));

export const ZerosLike: Kernel = ({ recording, inputs: { x } }) => recording.uniform(0, x!.shape, x!.dtype);

export const OnesLike: Kernel = ({ recording, inputs: { x } }) => recording.uniform(1, x!.shape, x!.dtype);

export const Range: Kernel<RangeAttrs> = ({ recording, attributes: { start, stop, step, dtype } }) => {
	const length = Math.max(0, Math.ceil((stop - start) / step));
	const elements = Array.from({ length }, (_, index) => start + index * step);
	return recording.constant(elements, [length], dtype ?? "float32");
};

export const LinSpace: Kernel<LinSpaceAttrs> = ({ recording, attributes: { start, stop, num } }) => {
	const step = num > 1 ? (stop - start) / (num - 1) : 0;
	return recording.constant(
		Array.from({ length: num }, (_, index) => start + index * step),
		[num],
		"float32",
	);
};
