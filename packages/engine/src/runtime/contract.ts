/** The one contract between modelling code (plain TF.js) and what runs it. */
import type { Tensor } from "@tensorflow/tfjs";

export type DType = "float32" | "int32";

/** Shape and element type of one value that crosses into or out of a program. */
export interface TensorSpec {
	readonly shape: readonly number[];
	readonly dtype: DType;
}

export type Specs = Readonly<Record<string, TensorSpec>>;
export type Tensors = Readonly<Record<string, Tensor>>;
export type HostArray = Float32Array | Int32Array;

/** A function in plain TF.js with fixed shapes. It may differentiate, and must not read tensor values. */
export interface Program {
	/** Names the program in messages and traces. */
	readonly name: string;
	/** Values kept in a State between runs that the program reads. */
	readonly state: Specs;
	/** Values given with each run. */
	readonly inputs: Specs;
	/** Returns new values for some (or none) of `state`, and what the host wants to see. */
	run(state: Tensors, inputs: Tensors): { readonly state: Tensors; readonly outputs: Tensors };
}

/** Named values held in the runtime's own preallocated buffers; several programs may share one State. */
export interface State {
	/** Copies values out; all of them, or those named. */
	read(names?: readonly string[]): Promise<Record<string, HostArray>>;
	/** Overwrites values in place. */
	write(values: Readonly<Record<string, HostArray>>): Promise<void>;
	dispose(): void;
}

/** A program made ready for one set of shapes. */
export interface Executable {
	/** Milliseconds spent tracing and compiling. */
	readonly compileMilliseconds: number;
	/** Runs once: reads and updates `state`, returns the outputs. Runs of one State must not overlap. */
	run(state: State, inputs: Readonly<Record<string, HostArray>>): Promise<Record<string, HostArray>>;
	dispose(): void;
}

export type RuntimeName = "onnx" | "tensorflow";
export type Device = "cpu" | "webgpu" | "cuda";

/** Where programs run. */
export interface Runtime {
	readonly name: RuntimeName;
	readonly device: Device;
	/** Why this runtime and device were chosen, for logs and records. */
	readonly reason: string;
	/** Library versions, for records. */
	readonly versions: Readonly<Record<string, string>>;
	readonly threads: number;
	createState(specs: Specs, values: Readonly<Record<string, HostArray>>): State;
	compile(program: Program): Promise<Executable>;
	dispose(): Promise<void>;
}

export interface RuntimeOptions {
	/** `auto` takes the fastest that is installed, and says why. A name that is missing is an error with its remedy. */
	readonly runtime: RuntimeName | "auto";
	readonly device: Device | "auto";
	/** Worker threads of the CPU provider; 0 means all cores. */
	readonly threads: number;
}
