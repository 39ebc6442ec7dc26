/** Runs programs eagerly on a TF.js backend: libtensorflow in production, the pure-JS backend as the tests' reference. */

import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { MithridateError } from "../errors.ts";
import { withBackend } from "./backend.ts";
import type { Executable, HostArray, Program, Runtime, Specs, State } from "./contract.ts";
import { checkHostArrays, emptyHostArray } from "./host-arrays.ts";

/** What an eager runtime says about itself, and the TF.js backend it uses. */
export interface EagerOptions extends Pick<Runtime, "name" | "device" | "reason" | "versions" | "threads"> {
	readonly backend: string;
}

/** A runtime that executes each operation as TF.js calls it. */
export function createEagerRuntime({ backend, ...description }: EagerOptions): Runtime {
	return {
		...description,
		createState: (specs, values) => new EagerState(backend, specs, values),
		compile: async (program) => new EagerExecutable(backend, program),
		dispose: async () => {},
	};
}

class EagerState implements State {
	readonly tensors = new Map<string, Tensor>();
	readonly #backend: string;
	readonly #specs: Specs;

	constructor(backend: string, specs: Specs, values: Readonly<Record<string, HostArray>>) {
		this.#backend = backend;
		this.#specs = specs;
		const all: Record<string, HostArray> = {};
		for (const [name, spec] of Object.entries(specs)) all[name] = values[name] ?? emptyHostArray(spec);
		this.#set({ ...values, ...all });
	}

	async read(names: readonly string[] = Object.keys(this.#specs)): Promise<Record<string, HostArray>> {
		return withBackend(this.#backend, () =>
			Object.fromEntries(names.map((name) => [name, this.get(name).dataSync().slice() as HostArray])),
		);
	}

	async write(values: Readonly<Record<string, HostArray>>): Promise<void> {
		this.#set(values);
	}

	dispose(): void {
		for (const tensor of this.tensors.values()) tensor.dispose();
		this.tensors.clear();
	}

	get(name: string): Tensor {
		const tensor = this.tensors.get(name);
		if (!tensor) throw new MithridateError("invalid-data", `The state holds no "${name}".`, { subject: name });
		return tensor;
	}

	replace(name: string, tensor: Tensor): void {
		this.tensors.get(name)?.dispose();
		this.tensors.set(name, tensor);
	}

	#set(values: Readonly<Record<string, HostArray>>): void {
		checkHostArrays(this.#specs, values, "state");
		withBackend(this.#backend, () => {
			for (const [name, value] of Object.entries(values)) {
				const { shape, dtype } = this.#specs[name]!;
				this.replace(name, tf.tensor(value.slice(), [...shape], dtype));
			}
		});
	}
}

class EagerExecutable implements Executable {
	readonly compileMilliseconds = 0;
	readonly #backend: string;
	readonly #program: Program;

	constructor(backend: string, program: Program) {
		this.#backend = backend;
		this.#program = program;
	}

	async run(state: State, inputs: Readonly<Record<string, HostArray>>): Promise<Record<string, HostArray>> {
		const { name, state: stateSpecs, inputs: inputSpecs } = this.#program;
		if (!(state instanceof EagerState)) throw new TypeError(`Program "${name}" was given another runtime's state.`);
		checkHostArrays(inputSpecs, inputs, `inputs of "${name}"`, true);
		return withBackend(this.#backend, () => {
			const before = Object.fromEntries(Object.keys(stateSpecs).map((key) => [key, state.get(key)]));
			const outputs: Record<string, HostArray> = {};
			const updated = tf.tidy(() => {
				const tensors = Object.entries(inputSpecs).map(([key, { shape, dtype }]) => [
					key,
					tf.tensor(inputs[key]!.slice(), [...shape], dtype),
				]);
				const result = this.#program.run(before, Object.fromEntries(tensors));
				for (const [key, tensor] of Object.entries(result.outputs))
					outputs[key] = tensor.dataSync().slice() as HostArray;
				return Object.fromEntries(Object.entries(result.state).map(([key, tensor]) => [key, tf.clone(tensor)]));
			});
			for (const [key, tensor] of Object.entries(updated)) state.replace(key, tensor);
			return outputs;
		});
	}

	dispose(): void {}
}
