/** ONNX Runtime sessions by content: a model that was compiled before is taken as it is, whoever asks for it. */
import { createHash } from "node:crypto";
import * as ort from "onnxruntime-node";
import type { Device } from "../contract.ts";

/** Keeps every session until the runtime is disposed: models of one architecture share them, and so does their memory. */
export class Sessions {
	readonly #options: ort.InferenceSession.SessionOptions;
	readonly #sessions = new Map<string, Promise<ort.InferenceSession>>();

	constructor({ device, threads }: { device: Device; threads: number }) {
		this.#options = {
			executionProviders: [device],
			intraOpNumThreads: threads,
			graphOptimizationLevel: "all",
			// Planning all of a step's memory ahead saves it little time (a few percent) and doubles what it holds.
			enableMemPattern: false,
			logSeverityLevel: 3,
		};
	}

	/** The session of an ONNX model's bytes. */
	open(model: Uint8Array): Promise<ort.InferenceSession> {
		const key = createHash("sha256").update(model).digest("hex");
		const known = this.#sessions.get(key);
		if (known) return known;
		const made = ort.InferenceSession.create(model, this.#options);
		this.#sessions.set(key, made);
		return made;
	}

	async dispose(): Promise<void> {
		const sessions = await Promise.allSettled(this.#sessions.values());
		this.#sessions.clear();
		for (const session of sessions) if (session.status === "fulfilled") await session.value.release();
	}
}
