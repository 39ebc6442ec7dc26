/** What can be wrong with the files of a checkpoint: one code per fault, so that callers and tests can tell them apart. */
import { MithridateError } from "../../errors.ts";

/** Faults of a safetensors file. */
type SafetensorsFault =
	| "cut-short"
	| "foreign-format"
	| "header-too-long"
	| "header-not-an-object"
	| "header-encoding"
	| "header-json"
	| "duplicate-name"
	| "reserved-name"
	| "bad-name"
	| "bad-entry"
	| "bad-metadata"
	| "unknown-dtype"
	| "bad-shape"
	| "shape-overflow"
	| "bad-offsets"
	| "size-mismatch"
	| "past-end"
	| "overlap"
	| "hole"
	| "trailing-bytes"
	| "too-many-tensors";

/** Faults of a list of shards. */
type IndexFault =
	| "bad-index"
	| "path-escape"
	| "too-many-shards"
	| "missing-shard"
	| "missing-tensor"
	| "unlisted-tensor"
	| "tensor-in-two-shards";

/** Faults of a file that PyTorch wrote: a zip archive with a pickle in it. */
type PickleFault =
	| "bad-zip"
	| "compressed-zip"
	| "legacy-pickle"
	| "torch-script"
	| "pickle-too-long"
	| "pickle-too-deep"
	| "unknown-opcode"
	| "forbidden-global"
	| "bad-pickle"
	| "bad-storage"
	| "no-state-dict";

/** Faults of the directory and of the model in it. */
type ModelFault = "unreadable" | "bad-json" | "bad-tensor" | "unexpected-tensor" | "wrong-dtype" | "bad-config";

export type CheckpointFault = SafetensorsFault | IndexFault | PickleFault | ModelFault;

/** A checkpoint that cannot be used; `fault` says why, `subject` which file, tensor or field. */
export class InvalidCheckpoint extends MithridateError {
	readonly fault: CheckpointFault;

	constructor(fault: CheckpointFault, message: string, options: { subject?: string; cause?: unknown } = {}) {
		super("invalid-checkpoint", message, options);
		this.fault = fault;
	}
}
