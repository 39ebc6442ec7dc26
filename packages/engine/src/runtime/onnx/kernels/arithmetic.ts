/** Element-wise arithmetic of two or more tensors. */
import type { Kernel } from "../kernel.ts";
import { broadcast, type Recording, type Value } from "../recording.ts";

/** An element-wise node; where one side is the operation's neutral number, the other side is passed on. */
function binary(op: string, neutral?: { left?: number; right?: number }): Kernel {
	return ({ recording, inputs: { a, b } }) => {
		const shape = broadcast(a!.shape, b!.shape);
		if (neutral?.right !== undefined && b!.uniform === neutral.right) return widen(a!, shape);
		if (neutral?.left !== undefined && a!.uniform === neutral.left) return widen(b!, shape);
		return recording.elementwise(op, [a!, b!], a!.dtype);
	};
}

function widen(value: Value, shape: readonly number[]): Value {
	return { ...value, shape };
}

export const Add = binary("Add", { left: 0, right: 0 });
export const Sub = binary("Sub", { right: 0 });
export const Multiply = binary("Mul", { left: 1, right: 1 });
export const RealDiv = binary("Div", { right: 1 });
export const Maximum = binary("Max");
export const Minimum = binary("Min");
export const Pow = binary("Pow", { right: 1 });

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
