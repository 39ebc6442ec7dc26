/** A TF.js backend that computes nothing: it writes each kernel call, forward or backward, into a Recording. */

import type { DataType, Tensor, TensorInfo } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { withBackend } from "../backend.ts";
import type { Program, Specs } from "../contract.ts";
import type { Kernel } from "./kernel.ts";
import * as kernels from "./kernels/index.ts";
import { Recording, type Value, valueType } from "./recording.ts";

const BACKEND = "mithridate-recorder";

/** Prefixes that keep state, inputs and their updates apart at the border of a graph. */
export const PORTS = { state: "s.", input: "i.", update: "u.", output: "o." } as const;

/** An ONNX model of a program, and the names it touches. */
export interface RecordedProgram {
	readonly model: Uint8Array;
	readonly updates: readonly string[];
	readonly outputs: Specs;
}

type BackendValues = Parameters<tf.KernelBackend["write"]>[0];

class RecordingBackend extends tf.KernelBackend {
	/** Set while a program is being recorded. */
	recording: Recording | undefined;
	#values = new Map<object, Value>();

	start(recording: Recording): void {
		this.recording = recording;
	}

	stop(): void {
		this.recording = undefined;
		this.#values = new Map();
	}

	current(): Recording {
		if (!this.recording) throw new Error("A tensor of a recorded program was used after its recording ended.");
		return this.recording;
	}

	value({ dataId }: TensorInfo): Value {
		const value = this.#values.get(dataId);
		if (!value) throw new Error("A recorded program used a tensor that this recording does not know.");
		return value;
	}

	/** The value under a new data id; each tensor has its own, so that none needs counting. */
	info(value: Value): TensorInfo {
		const dataId = {};
		this.#values.set(dataId, value);
		return { dataId, shape: [...value.shape], dtype: value.dtype };
	}

	override write(values: BackendValues, shape: number[], dtype: DataType): object {
		if (!values) throw new Error("A recorded tensor was made without its values.");
		const dataId = {};
		this.move(dataId, values, shape, dtype);
		return dataId;
	}

	override move(dataId: object, values: BackendValues, shape: number[], dtype: DataType): void {
		const elements = values as Exclude<BackendValues, Uint8Array[]>;
		this.#values.set(dataId, this.current().constant(elements, shape, valueType(dtype)));
	}

	override readSync(): never {
		throw this.current().unsupported("the values of a tensor (dataSync)");
	}

	override read(): never {
		throw this.current().unsupported("the values of a tensor (data)");
	}

	override numDataIds(): number {
		return this.#values.size;
	}

	override disposeData(dataId: object): boolean {
		this.#values.delete(dataId);
		return true;
	}

	override refCount(): number {
		return 1;
	}

	override incRef(): void {}

	decRef(): void {}

	override memory() {
		return { unreliable: true, reasons: ["recorded tensors have no memory"] };
	}

	override floatPrecision(): 16 | 32 {
		return 32;
	}

	override epsilon(): number {
		return 1e-7;
	}

	override timerAvailable(): boolean {
		return false;
	}

	override dispose(): void {}
}

const backend = new RecordingBackend();
const table: Readonly<Record<string, Kernel<never>>> = kernels;
let registered = false;

/** Every kernel that TF.js has on any backend is registered: from the table, or as an error that names it. */
function register(): void {
	if (registered) return;
	registered = true;
	tf.registerBackend(BACKEND, () => backend, 0);
	const known = tf.getKernelsForBackend("cpu").map(({ kernelName }) => kernelName);
	for (const kernelName of new Set([...known, ...Object.keys(table)])) {
		const kernel = table[kernelName];
		tf.registerKernel({
			kernelName,
			backendName: BACKEND,
			kernelFunc: ({ inputs, attrs }) => {
				const recording = backend.current();
				if (!kernel) throw recording.unsupported(`the TF.js kernel ${kernelName}`);
				const values: Record<string, Value> = {};
				for (const [name, info] of Object.entries(inputs)) if (info) values[name] = backend.value(info as TensorInfo);
				const result = kernel({ recording, inputs: values, attributes: (attrs ?? {}) as never });
				return Array.isArray(result) ? result.map((value) => backend.info(value)) : backend.info(result);
			},
		});
	}
}

/** Runs the program once on symbols and returns it as one ONNX model, for sessions whose nodes run in one thread or in any. */
export function record(program: Program, how: { readonly isSerial: boolean }): RecordedProgram {
	register();
	const recording = new Recording(program.name, how);
	backend.start(recording);
	try {
		return withBackend(BACKEND, () => {
			let recorded: RecordedProgram | undefined;
			tf.tidy(() => {
				recorded = trace(program, recording);
			});
			return recorded!;
		});
	} finally {
		backend.stop();
	}
}

function trace(program: Program, recording: Recording): RecordedProgram {
	const { graph } = recording;
	const open = (specs: Specs, prefix: string): Record<string, Tensor> => {
		const entries = Object.entries(specs).map(([key, { shape, dtype }]) => {
			const name = prefix + key;
			graph.input({ name, shape, type: dtype });
			return [key, tf.engine().makeTensorFromTensorInfo(backend.info({ name, shape, actual: shape, dtype }))];
		});
		return Object.fromEntries(entries);
	};
	const result = program.run(open(program.state, PORTS.state), open(program.inputs, PORTS.input));
	const outputs: Record<string, Specs[string]> = {};
	const close = (tensors: Readonly<Record<string, Tensor>>, prefix: string): string[] => {
		for (const [key, tensor] of Object.entries(tensors)) {
			const value = backend.value(tensor);
			const dtype = value.dtype === "bool" ? "int32" : value.dtype;
			const { shape } = value;
			if (prefix === PORTS.output) outputs[key] = { shape, dtype };
			graph.output({ name: prefix + key, shape, type: dtype }, recording.full(recording.cast(value, dtype)));
		}
		return Object.keys(tensors);
	};
	const updates = close(result.state, PORTS.update);
	close(result.outputs, PORTS.output);
	return { model: graph.encode(program.name), updates, outputs };
}
