/** Opens ONNX Runtime on a device, and proves with a one-node program that the device is really there. */
import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import { MithridateError } from "../../errors.ts";
import type { Device, Runtime } from "../contract.ts";
import { Graph } from "./graph.ts";
import { compile, OnnxState } from "./session.ts";
import { Sessions } from "./sessions.ts";

/** Every failure is thrown as well; ONNX Runtime would print those of a mere probe to standard error. */
ort.env.logLevel = "fatal";

const REMEDIES: Record<Device, string> = {
	cpu: "Reinstall the package onnxruntime-node.",
	webgpu: "It needs a GPU with a Vulkan, Metal or Direct3D 12 driver; software renderers are refused.",
	cuda: "It needs an NVIDIA GPU, CUDA 12 with cuDNN 9, and onnxruntime-node's CUDA files: `npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12`.",
};

/** Opens the runtime; `threads` 0 means every core. */
export async function openOnnxRuntime(options: { device: Device; reason: string; threads: number }): Promise<Runtime> {
	const { device, reason } = options;
	const threads = options.threads || availableParallelism();
	if (device !== "cpu") await probe(device);
	const sessions = new Sessions({ device, threads });
	return {
		name: "onnx",
		device,
		reason,
		threads,
		versions: { "onnxruntime-node": ort.env.versions.node ?? "unknown" },
		createState: (specs, values) => new OnnxState(specs, values),
		compile: (program) => compile(program, sessions),
		dispose: async () => {},
	};
}

async function probe(device: Device): Promise<void> {
	const graph = new Graph();
	graph.input({ name: "x", shape: [1], type: "float32" });
	graph.output({ name: "y", shape: [1], type: "float32" }, graph.node("Neg", ["x"]));
	try {
		const session = await ort.InferenceSession.create(graph.encode("probe"), {
			executionProviders: [device],
			logSeverityLevel: 4,
		});
		await session.run({ x: new ort.Tensor("float32", new Float32Array(1), [1]) });
		await session.release();
	} catch (cause) {
		const why = cause instanceof Error ? cause.message.split("\n", 1)[0]! : String(cause);
		throw new MithridateError(
			"runtime-unavailable",
			`ONNX Runtime cannot open its ${device} device (${why}). ${REMEDIES[device]}`,
			{ subject: device, cause },
		);
	}
}
