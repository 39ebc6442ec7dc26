/** The shape of one entry of the kernel table. */
import type { Recording, Value } from "./recording.ts";

/** What a kernel is given: the recording to write into, TF.js's named inputs (lists under 0, 1, ...) and attributes. */
export interface KernelCall<Attributes> {
	readonly recording: Recording;
	readonly inputs: Readonly<Record<string, Value>>;
	readonly attributes: Attributes;
}

/** Writes one TF.js kernel as ONNX nodes. */
export type Kernel<Attributes = object> = (call: KernelCall<Attributes>) => Value | Value[];
