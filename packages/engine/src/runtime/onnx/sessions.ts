/** ONNX Runtime sessions by content: a model that somebody holds open is not compiled a second time. */
import { createHash } from "node:crypto";
import * as ort from "onnxruntime-node";
import type { Device } from "../contract.ts";

interface Entry {
	readonly session: Promise<ort.InferenceSession>;
	users: number;
}

/** One use of a session. */
export interface Lease {
	readonly session: ort.InferenceSession;
	/** The last one to give it back frees its memory. */
	release(): void;
}

/** Models of one architecture share their sessions, and so their memory: hundreds of MB for a training step. */
export class Sessions {
	/** Whether each node runs in one thread. */
	readonly isSerial: boolean;
	readonly #options: ort.InferenceSession.SessionOptions;
	readonly #entries = new Map<string, Entry>();

	constructor({ device, threads }: { device: Device; threads: number }) {
		this.isSerial = device === "cpu" && threads === 1;
		this.#options = {
			executionProviders: [device],
			intraOpNumThreads: threads,
			graphOptimizationLevel: "all",
			// Planning all of a step's memory ahead saves it little time (a few percent) and doubles what it holds.
			enableMemPattern: false,
			logSeverityLevel: 3,
		};
	}

	/** A session of an ONNX model's bytes. */
	async lease(model: Uint8Array): Promise<Lease> {
		const key = createHash("sha256").update(model).digest("hex");
		const entry = this.#entries.get(key) ?? { session: ort.InferenceSession.create(model, this.#options), users: 0 };
		this.#entries.set(key, entry);
		entry.users++;
		const session = await entry.session;
		return {
			session,
			release: () => {
				entry.users--;
				if (entry.users > 0) return;
				this.#entries.delete(key);
				void session.release();
			},
		};
	}
}
