/** Programs and their state on ONNX Runtime: one session per program, and buffers that swap after each run. */
import * as ort from "onnxruntime-node";
import { MithridateError } from "../../errors.ts";
import type { Executable, HostArray, Program, Specs, State, TensorSpec } from "../contract.ts";
import { checkHostArrays, emptyHostArray } from "../host-arrays.ts";
import { PORTS, type RecordedProgram, record } from "./recorder.ts";
import type { Lease, Sessions } from "./sessions.ts";

/** Two buffers per value: runs read the front ones and write the back ones. */
export class OnnxState implements State {
	readonly front = new Map<string, ort.Tensor>();
	readonly back = new Map<string, ort.Tensor>();
	readonly #specs: Specs;

	constructor(specs: Specs, values: Readonly<Record<string, HostArray>>) {
		checkHostArrays(specs, values, "state");
		this.#specs = specs;
		for (const [name, spec] of Object.entries(specs)) {
			const value = values[name]?.slice() ?? emptyHostArray(spec);
			this.front.set(name, tensor(value, spec));
		}
	}

	async read(names: readonly string[] = Object.keys(this.#specs)): Promise<Record<string, HostArray>> {
		return Object.fromEntries(names.map((name) => [name, dataOf(this.get(name)).slice()]));
	}

	async write(values: Readonly<Record<string, HostArray>>): Promise<void> {
		checkHostArrays(this.#specs, values, "state");
		for (const [name, value] of Object.entries(values)) dataOf(this.get(name)).set(value);
	}

	get(name: string): ort.Tensor {
		const found = this.front.get(name);
		if (!found) throw new MithridateError("invalid-data", `The state holds no "${name}".`, { subject: name });
		return found;
	}

	/** Where the next run writes the value; made when a program first updates it. */
	spare(name: string): ort.Tensor {
		const found = this.back.get(name);
		if (found) return found;
		const spec = this.#specs[name];
		if (!spec) throw new MithridateError("invalid-data", `The state holds no "${name}".`, { subject: name });
		const made = tensor(emptyHostArray(spec), spec);
		this.back.set(name, made);
		return made;
	}

	swap(name: string): void {
		const front = this.get(name);
		this.front.set(name, this.spare(name));
		this.back.set(name, front);
	}

	dispose(): void {
		this.front.clear();
		this.back.clear();
	}
}

class OnnxExecutable implements Executable {
	readonly compileMilliseconds: number;
	readonly #program: Program;
	readonly #recorded: Omit<RecordedProgram, "model">;
	readonly #lease: Lease;
	#disposed = false;

	constructor(options: {
		compileMilliseconds: number;
		program: Program;
		recorded: Omit<RecordedProgram, "model">;
		lease: Lease;
	}) {
		this.compileMilliseconds = options.compileMilliseconds;
		this.#program = options.program;
		this.#recorded = options.recorded;
		this.#lease = options.lease;
	}

	async run(state: State, inputs: Readonly<Record<string, HostArray>>): Promise<Record<string, HostArray>> {
		const { name, state: stateSpecs, inputs: inputSpecs } = this.#program;
		if (!(state instanceof OnnxState)) throw new TypeError(`Program "${name}" was given another runtime's state.`);
		checkHostArrays(inputSpecs, inputs, `inputs of "${name}"`, true);
		const { updates, outputs } = this.#recorded;
		const feeds: Record<string, ort.Tensor> = {};
		for (const key of Object.keys(stateSpecs)) feeds[PORTS.state + key] = state.get(key);
		for (const [key, spec] of Object.entries(inputSpecs)) feeds[PORTS.input + key] = tensor(inputs[key]!, spec);
		const fetches: Record<string, ort.Tensor> = {};
		for (const key of updates) fetches[PORTS.update + key] = state.spare(key);
		const results: Record<string, HostArray> = {};
		for (const [key, spec] of Object.entries(outputs)) {
			results[key] = emptyHostArray(spec);
			fetches[PORTS.output + key] = tensor(results[key], spec);
		}
		await this.#lease.session.run(feeds, fetches);
		for (const key of updates) state.swap(key);
		return results;
	}

	dispose(): void {
		if (!this.#disposed) this.#lease.release();
		this.#disposed = true;
	}
}

/** Records the program and opens its session. */
export async function compile(program: Program, sessions: Sessions): Promise<Executable> {
	const started = performance.now();
	const { model, ...recorded } = record(program, sessions);
	const lease = await sessions.lease(model);
	return new OnnxExecutable({ compileMilliseconds: performance.now() - started, program, recorded, lease });
}

function tensor(data: HostArray, { shape, dtype }: TensorSpec): ort.Tensor {
	return new ort.Tensor(dtype, data, [...shape]);
}

function dataOf(tensor: ort.Tensor): HostArray {
	return tensor.data as HostArray;
}
