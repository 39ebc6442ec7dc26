/** Lanes in processes of their own: ONNX Runtime keeps its process busy while a step runs. */
import { type ChildProcess, fork } from "node:child_process";
import { on, once } from "node:events";
import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { type ErrorCode, MithridateError } from "@mithridate/engine";
import type { Lane, UnitEvent } from "../src/index.ts";

/** What a lane's process tells of a unit. */
export type FromLane =
	| UnitEvent
	| { readonly type: "unit-end" }
	/** `code` and `subject` of a `MithridateError`; the stack of anything else. */
	| {
			readonly type: "unit-failed";
			readonly message: string;
			readonly code?: ErrorCode;
			readonly subject?: string | undefined;
			readonly stack?: string | undefined;
	  };

/** Bytes that a lane may need: the peak of the default experiment, and a reserve. */
const MEMORY = 1.75e9;

/** How the machine is used where nothing else is asked for: a lane per core while memory lasts, a thread each. */
export function laneSettings(asked: { lanes: number; threads: number }): { lanes: number; threads: number } {
	const cores = availableParallelism();
	const lanes = asked.lanes || Math.max(1, Math.min(cores, Math.floor(freemem() / MEMORY)));
	return { lanes, threads: asked.threads || Math.max(1, Math.floor(cores / lanes)) };
}

/** Lanes and a way to close them. The signal stops what they run, with its state saved. */
export function openLanes(count: number, signal: AbortSignal): { lanes: readonly Lane[]; close(): Promise<void> } {
	const children: ChildProcess[] = [];
	signal.addEventListener("abort", () => {
		for (const child of children) child.kill("SIGTERM");
	});
	const lanes = Array.from({ length: count }, (_, at) => {
		return async function* lane(unit: Parameters<Lane>[0]): AsyncGenerator<UnitEvent, void> {
			const known = children[at];
			const child = known?.connected
				? known
				: fork(join(import.meta.dirname, "unit.ts"), { serialization: "advanced" });
			children[at] = child;
			const messages = on(child, "message", { close: ["exit"] });
			child.send(unit);
			let isOver = false;
			try {
				for await (const [message] of messages as AsyncIterable<[FromLane]>) {
					isOver = message.type === "unit-end" || message.type === "unit-failed";
					if (message.type === "unit-end") return;
					if (message.type === "unit-failed") throw failure(message);
					yield message;
				}
				isOver = true;
				throw new Error(`The process of a lane ended (${child.signalCode ?? child.exitCode}) before its work did.`);
			} finally {
				if (!isOver) child.kill("SIGTERM");
			}
		};
	});
	return {
		lanes,
		async close() {
			const ended = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
			await Promise.all(
				ended.map((child) => {
					const exit = once(child, "exit");
					if (child.connected) child.disconnect();
					return exit;
				}),
			);
		},
	};
}

function failure({ message, code, subject, stack }: FromLane & { type: "unit-failed" }): Error {
	if (code !== undefined) return new MithridateError(code, message, subject === undefined ? {} : { subject });
	return Object.assign(new Error(message), stack !== undefined && { stack });
}
