/** Element-wise functions of one tensor. */
import type { ClipByValueAttrs, StepAttrs } from "@tensorflow/tfjs";
import type { Kernel } from "../kernel.ts";
import type { Recording, Value } from "../recording.ts";

/** A chain of ONNX operations, applied left to right. */
function unary(...ops: readonly string[]): Kernel {
	return ({ recording, inputs: { x } }) =>
		ops.reduce((value, op) => recording.elementwise(op, [value], value.dtype), x!);
}

/** Minus one is a factor like any other. */
export const Neg: Kernel = ({ recording, inputs: { x } }) =>
	x!.dtype === "float32" ? recording.scaled(x!, -1) : recording.elementwise("Neg", [x!], x!.dtype);

export const Abs = unary("Abs");
export const Exp = unary("Exp");
export const Log = unary("Log");
export const Sqrt = unary("Sqrt");
export const Rsqrt = unary("Sqrt", "Reciprocal");
export const Reciprocal = unary("Reciprocal");
export const Sigmoid = unary("Sigmoid");
export const Tanh = unary("Tanh");
export const Erf = unary("Erf");
export const Relu = unary("Relu");
export const Sign = unary("Sign");
export const Floor = unary("Floor");
export const Ceil = unary("Ceil");
export const Round = unary("Round");
export const Sin = unary("Sin");
export const Cos = unary("Cos");

export const Square: Kernel = ({ recording, inputs: { x } }) => recording.elementwise("Mul", [x!, x!], x!.dtype);

export const Log1p: Kernel = ({ recording, inputs: { x } }) => {
	const shifted = recording.elementwise("Add", [x!, recording.uniform(1, x!.shape)], "float32");
	return recording.elementwise("Log", [shifted], "float32");
};

export const Expm1: Kernel = ({ recording, inputs: { x } }) => {
	const exponential = recording.elementwise("Exp", [x!], "float32");
	return recording.elementwise("Sub", [exponential, recording.uniform(1, x!.shape)], "float32");
};

export const Softplus: Kernel = ({ recording, inputs: { x } }) => recording.elementwise("Softplus", [x!], "float32");

export const Relu6: Kernel = ({ recording, inputs: { x } }) => clip(recording, x!, [0, 6]);

export const ClipByValue: Kernel<ClipByValueAttrs> = ({
	recording,
	inputs,
	attributes: { clipValueMin, clipValueMax },
}) => clip(recording, inputs.x!, [clipValueMin, clipValueMax]);

/** 1 above zero, alpha below or at it; not-a-number stays itself. */
export const Step: Kernel<StepAttrs> = ({ recording, inputs: { x }, attributes: { alpha } }) => {
	const zero = recording.uniform(0, x!.shape);
	const positive = recording.elementwise("Greater", [x!, zero], "bool");
	const sides = [recording.uniform(1, x!.shape), recording.uniform(alpha, x!.shape)];
	const stepped = recording.elementwise("Where", [positive, ...sides], "float32");
	return recording.elementwise("Where", [recording.elementwise("IsNaN", [x!], "bool"), x!, stepped], "float32");
};

export const IsNan: Kernel = ({ recording, inputs: { x } }) => recording.elementwise("IsNaN", [x!], "bool");

export const IsInf: Kernel = ({ recording, inputs: { x } }) => recording.elementwise("IsInf", [x!], "bool");

/** x − x is zero for finite numbers and not a number for the others. */
export const IsFinite: Kernel = ({ recording, inputs: { x } }) => {
	const difference = recording.elementwise("Sub", [x!, x!], x!.dtype);
	return recording.elementwise("Equal", [difference, recording.uniform(0, x!.shape)], "bool");
};

function clip(recording: Recording, x: Value, [low, high]: readonly [number, number]): Value {
	const bounds = [low, high].map((bound) => recording.uniform(bound, [], x.dtype));
	return recording.elementwise("Clip", [x, ...bounds], x.dtype);
}
