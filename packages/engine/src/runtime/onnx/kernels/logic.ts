/** Comparisons, logic and selection. */
import type { Kernel } from "../kernel.ts";

function compare(...ops: readonly string[]): Kernel {
	return ({ recording, inputs: { a, b } }) => {
		const compared = recording.elementwise(ops[0]!, [a!, b!], "bool");
		return ops.slice(1).reduce((value, op) => recording.elementwise(op, [value], "bool"), compared);
	};
}

export const Equal = compare("Equal");
export const NotEqual = compare("Equal", "Not");
export const Greater = compare("Greater");
export const GreaterEqual = compare("GreaterOrEqual");
export const Less = compare("Less");
export const LessEqual = compare("LessOrEqual");
export const LogicalAnd = compare("And");
export const LogicalOr = compare("Or");
export const LogicalXor = compare("Xor");

export const LogicalNot: Kernel = ({ recording, inputs: { x } }) => recording.elementwise("Not", [x!], "bool");

/** A condition of rank 1 chooses whole rows. */
export const Select: Kernel = ({ recording, inputs: { condition, t, e } }) => {
	const rows = condition!.shape.length === 1 && t!.shape.length > 1;
	const shape = [condition!.shape[0]!, ...t!.shape.slice(1).map(() => 1)];
	const choice = rows ? recording.reshape(condition!, shape) : condition!;
	return recording.elementwise("Where", [choice, t!, e!], t!.dtype);
};
