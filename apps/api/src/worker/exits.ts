/** Why a trainer or importer process is gone although it never said that it had ended. */
import { readFile } from "node:fs/promises";

export interface Exit {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	/** The end of what it wrote to standard error. */
	readonly lastWords: string;
}

export interface Crash {
	readonly code: "OUT_OF_MEMORY" | "TRAINER_CRASHED" | "IMPORTER_CRASHED";
	readonly message: string;
}

/** What V8, Node and C++ say when an allocation fails. */
const OUT_OF_MEMORY = /heap out of memory|Allocation failed|bad_alloc|Cannot allocate memory|ENOMEM/;

/** Tells a process that had no memory left from one that crashed; `killsBefore` is `outOfMemoryKills` at its start. */
export async function explain(
	{ code, signal, lastWords }: Exit,
	killsBefore: number | null,
	who: "trainer" | "importer" = "trainer",
): Promise<Crash> {
	const killed = signal === "SIGKILL" && killsBefore !== null && ((await outOfMemoryKills()) ?? 0) > killsBefore;
	if (killed || OUT_OF_MEMORY.test(lastWords))
		return {
			code: "OUT_OF_MEMORY",
			message: `The ${who} ran out of memory. ${who === "trainer" ? "Lower batchSize, set microBatch, or give" : "Give"} the worker more memory.`,
		};
	const how = signal === null ? `with code ${code}` : `by ${signal}`;
	const words = lastWords.trim().split("\n").slice(-5).join("\n");
	return {
		code: who === "trainer" ? "TRAINER_CRASHED" : "IMPORTER_CRASHED",
		message: `The ${who} ended ${how}.${words && ` It last said: ${words}`}`,
	};
}

/** Processes that the kernel has killed for memory in this control group; null where there is none to ask. */
export async function outOfMemoryKills(): Promise<number | null> {
	for (const path of ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"]) {
		const text = await readFile(path, "utf8").catch(() => "");
		const kills = /^oom_kill (\d+)$/m.exec(text)?.[1];
		if (kills !== undefined) return Number(kills);
	}
	return null;
}
