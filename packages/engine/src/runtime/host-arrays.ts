/** Checks host arrays against their declared shapes before they reach a backend. */
import { MithridateError } from "../errors.ts";
import type { HostArray, Specs, TensorSpec } from "./contract.ts";

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
	return shape.reduce((product, extent) => product * extent, 1);
}

/** A zeroed host array that fits the spec. */
export function emptyHostArray({ shape, dtype }: TensorSpec): HostArray {
	return dtype === "int32" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
}

/** Throws `invalid-data` for a name that is unknown (or missing, when `all` are due), or a wrong type or length. */
export function checkHostArrays(
	specs: Specs,
	values: Readonly<Record<string, HostArray>>,
	what: string,
	all = false,
): void {
	if (all) {
		const missing = Object.keys(specs).find((name) => !values[name]);
		if (missing) throw new MithridateError("invalid-data", `The ${what} lack "${missing}".`, { subject: missing });
	}
	for (const [name, value] of Object.entries(values)) {
		const spec = specs[name];
		if (!spec) throw new MithridateError("invalid-data", `The ${what} know no "${name}".`, { subject: name });
		const typed = spec.dtype === "int32" ? value instanceof Int32Array : value instanceof Float32Array;
		const length = sizeOf(spec.shape);
		if (typed && value.length === length) continue;
		throw new MithridateError(
			"invalid-data",
			`"${name}" must be ${length} ${spec.dtype} values of shape [${spec.shape}], not ${value.length} in a ${value.constructor.name}.`,
			{ subject: name },
		);
	}
}
