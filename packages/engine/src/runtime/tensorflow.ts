/** The libtensorflow runtime: `@tensorflow/tfjs-node-gpu` found at run time, running programs eagerly. */
import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs";
import { MithridateError } from "../errors.ts";
import type { Device, Runtime } from "./contract.ts";
import { createEagerRuntime } from "./eager.ts";

/** What this file needs of the binding: its TF.js backend, which knows whether libtensorflow sees a GPU. */
export interface TensorflowBinding {
	readonly backend: string;
	readonly usesGpu: boolean;
	readonly version: string;
}

const PACKAGE = "@tensorflow/tfjs-node-gpu";

/** Opens the runtime, or says what is missing. `load` stands in for the package in tests. */
export async function openTensorflowRuntime(
	options: { device: Device | "auto"; threads: number; reason: string },
	load: () => Promise<TensorflowBinding> = loadBinding,
): Promise<Runtime> {
	const { device, threads, reason } = options;
	if (device === "webgpu") throw unavailable("libtensorflow has no WebGPU device. Use the onnx runtime for it.");
	let binding: TensorflowBinding;
	try {
		binding = await load();
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw unavailable(
			`${PACKAGE} does not load (${firstLine(why)}). Install it with \`npm install ${PACKAGE}\`.`,
			cause,
		);
	}
	if (device === "cuda" && !binding.usesGpu)
		throw unavailable(
			`${PACKAGE} loads, but libtensorflow sees no GPU. Check the CUDA libraries that it was built for.`,
		);
	return createEagerRuntime({
		name: "tensorflow",
		device: binding.usesGpu && device !== "cpu" ? "cuda" : "cpu",
		reason,
		threads,
		versions: { [PACKAGE]: binding.version, "@tensorflow/tfjs": tf.version_core },
		backend: binding.backend,
	});
}

/** The binding calls `util.isNullOrUndefined`, which Node 23 removed; it throws plain errors with no code as well. */
async function loadBinding(): Promise<TensorflowBinding> {
	const require = createRequire(import.meta.url);
	const util = require("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
	util.isNullOrUndefined ??= (value) => value === null || value === undefined;
	const former = tf.engine().backendName;
	const module = require(PACKAGE) as { version: Record<string, string> };
	await tf.setBackend("tensorflow");
	const backend = tf.engine().backend as unknown as { isUsingGpuDevice?: boolean };
	if (former) await tf.setBackend(former);
	return {
		backend: "tensorflow",
		usesGpu: backend.isUsingGpuDevice === true,
		version: module.version["tfjs-node"] ?? module.version.tfjs ?? "unknown",
	};
}

function firstLine(message: string): string {
	return message.split("\n", 1)[0]!;
}

function unavailable(message: string, cause?: unknown): MithridateError {
	return new MithridateError("runtime-unavailable", message, { subject: "tensorflow", cause });
}
