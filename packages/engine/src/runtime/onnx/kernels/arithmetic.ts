/** Element-wise arithmetic of two or more tensors. */
import type { Kernel } from "../kernel.ts";
import { ROW } from "../passes.ts";
import { broadcast, type Recording, sameShape, type Value } from "../recording.ts";

function binary(op: string): Kernel {
	return ({ recording, inputs: { a, b } }) => recording.elementwise(op, [a!, b!], a!.dtype);
}

/** Adding zero passes the other side on; adding a row to a matrix is marked, so that a product can take it in. */
export const Add: Kernel = ({ recording, inputs }) => {
	const a = inputs.a!;
	const b = inputs.b!;
	const shape = broadcast(a.shape, b.shape);
	if (b.uniform === 0) return { ...a, shape };
	if (a.uniform === 0) return { ...b, shape };
	const row = a.actual.length === 2 && b.actual.length === 1 && sameShape(a.actual, shape);
	return recording.elementwise("Add", [a, b], a.dtype, row ? { [ROW]: 1 } : {});
};

export const Sub: Kernel = ({ recording, inputs: { a, b } }) =>
	b!.uniform === 0 ? { ...a!, shape: broadcast(a!.shape, b!.shape) } : recording.elementwise("Sub", [a!, b!], a!.dtype);

/** Factors that are numbers are put aside. */
export const Multiply: Kernel = ({ recording, inputs }) => {
	const a = inputs.a!;
	const b = inputs.b!;
	if (a.dtype !== "float32") return recording.elementwise("Mul", [a, b], a.dtype);
	const shape = broadcast(a.shape, b.shape);
	if (b.uniform !== undefined) return { ...recording.scaled(a, b.uniform), shape };
	if (a.uniform !== undefined) return { ...recording.scaled(b, a.uniform), shape };
	const { scale: left = 1, ...bareA } = a;
	const { scale: right = 1, ...bareB } = b;
	return recording.scaled(recording.elementwise("Mul", [bareA, bareB], a.dtype), left * right);
};

export const RealDiv: Kernel = ({ recording, inputs }) => {
	const a = inputs.a!;
	const b = inputs.b!;
	if (a.dtype !== "float32") return recording.elementwise("Div", [a, b], a.dtype);
	const shape = broadcast(a.shape, b.shape);
	if (b.uniform) return { ...recording.scaled(a, 1 / b.uniform), shape };
	const { scale = 1, ...bare } = a;
	return recording.scaled(recording.elementwise("Div", [bare, b], a.dtype), scale);
};

export const Maximum = binary("Max");
export const Minimum = binary("Min");
export const Pow = binary("Pow");

export const SquaredDifference: Kernel = ({ recording, inputs: { a, b } }) => {
	const difference = recording.elementwise("Sub", [a!, b!], a!.dtype);
	return recording.elementwise("Mul", [difference, difference], a!.dtype);
};

export const AddN: Kernel = ({ recording, inputs }) =>
	Object.values(inputs).reduce((sum, value) => recording.elementwise("Add", [sum, value], value.dtype));

/** ONNX divides int32 towards zero; TF.js rounds down, so the quotient is taken in float. */
export const FloorDiv: Kernel = ({ recording, inputs: { a, b } }) =>
	recording.cast(floorQuotient(recording, a!, b!), a!.dtype);

/** a − ⌊a / b⌋ · b, whose sign is the divisor's. */
export const Mod: Kernel = ({ recording, inputs: { a, b } }) => {
	const quotient = recording.cast(floorQuotient(recording, a!, b!), a!.dtype);
	return recording.elementwise("Sub", [a!, recording.elementwise("Mul", [quotient, b!], a!.dtype)], a!.dtype);
};

function floorQuotient(recording: Recording, a: Value, b: Value): Value {
	const floats = [recording.cast(a, "float32"), recording.cast(b, "float32")];
	return recording.elementwise("Floor", [recording.elementwise("Div", floats, "float32")], "float32");
}
