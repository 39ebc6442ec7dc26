/** Opens the runtime that was asked for, or picks the fastest that is installed and says why. */
import { existsSync } from "node:fs";
import { MithridateError } from "../errors.ts";
import type { Device, Runtime, RuntimeOptions } from "./contract.ts";
import { openOnnxRuntime } from "./onnx/runtime.ts";
import { openTensorflowRuntime } from "./tensorflow.ts";

export type * from "./contract.ts";

interface Candidate {
	readonly label: string;
	readonly open: (reason: string) => Promise<Runtime>;
}

/** Opens a runtime. What was asked for by name and is missing is a `runtime-unavailable` error with its remedy. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
	const candidates = candidatesFor(options);
	if (candidates.length === 1) return candidates[0]!.open("asked for by name");
	const refused: { label: string; error: MithridateError }[] = [];
	for (const { label, open } of candidates) {
		try {
			return await open(reasonFor(label, refused));
		} catch (error) {
			if (!(error instanceof MithridateError)) throw error;
			refused.push({ label, error });
		}
	}
	const causes = refused.map(({ error }) => error);
	const reasons = causes.map(({ message }) => message).join(" ");
	throw new MithridateError("runtime-unavailable", reasons, { cause: new AggregateError(causes) });
}

function reasonFor(label: string, refused: readonly { label: string }[]): string {
	if (!refused.length) return `${label} is the fastest and opens here`;
	return `${label} is the fastest that opens here; tried before: ${refused.map((each) => each.label).join(", ")}`;
}

/** Without a device file there is no GPU on Linux, and looking for one would start drivers that complain. */
function mayHaveGpu(): boolean {
	return process.platform !== "linux" || ["/dev/dri", "/dev/nvidia0", "/dev/dxg"].some((path) => existsSync(path));
}

/** Fastest first. A device that is named leaves only the runtimes that have it. */
function candidatesFor({ runtime, device, threads }: RuntimeOptions): Candidate[] {
	const tensorflow = (which: Device): Candidate => ({
		label: `tensorflow on ${which}`,
		open: (reason) => openTensorflowRuntime({ device: which, threads, reason }),
	});
	const onnx = (which: Device): Candidate => ({
		label: `onnx on ${which}`,
		open: (reason) => openOnnxRuntime({ device: which, threads, reason }),
	});
	const order: readonly [string, Device, Candidate][] = [
		["tensorflow", "cuda", tensorflow("cuda")],
		["onnx", "cuda", onnx("cuda")],
		["onnx", "webgpu", onnx("webgpu")],
		["onnx", "cpu", onnx("cpu")],
		["tensorflow", "cpu", tensorflow("cpu")],
	];
	const wanted = order.filter(
		([name, its]) =>
			(runtime === "auto" || runtime === name) && (device === "auto" ? its === "cpu" || mayHaveGpu() : device === its),
	);
	if (wanted.length) return wanted.map(([, , candidate]) => candidate);
	throw new MithridateError("runtime-unavailable", `The ${runtime} runtime has no ${device} device.`, {
		subject: device,
	});
}
