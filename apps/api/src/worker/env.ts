/** The worker's settings from its environment. */
import { resolve } from "node:path";
import { z } from "zod";
import { StoreEnv } from "../store-env.ts";
import { repository } from "./environment.ts";

const count = (fallback: number) => z.coerce.number().int().min(0).max(1_000_000).default(fallback);

export const WorkerEnv = StoreEnv.extend({
	DATABASE_URL: z.string().min(1).optional(),
	MITHRIDATE_DATA: z
		.string()
		.min(1)
		.default("data")
		.transform((folder) => resolve(repository, folder)),
	/** Threads of the CPU provider where a run leaves them open; 0: one per core. */
	MITHRIDATE_THREADS: count(0),
	/** Steps between two saved training states. */
	MITHRIDATE_CHECKPOINT_EVERY: count(100).pipe(z.number().min(1)),
	/** The least time without progress after which a trainer counts as hanging. */
	MITHRIDATE_HANG_SECONDS: count(120).pipe(z.number().min(1)),
	/** Most memory of a trainer's JavaScript, in MiB; Node's own limit where it is left out. */
	MITHRIDATE_TRAINER_MEMORY: count(0),
	MITHRIDATE_WORKER: z.string().min(1).max(100).optional(),
	MITHRIDATE_LOG: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});
export type WorkerEnv = z.output<typeof WorkerEnv>;

/** What a trainer may see: where programs, libraries and devices are, and none of the worker's secrets. */
const HARMLESS =
	/^(PATH|HOME|USER|LANG|LC_.*|TZ|TMP|TEMP|TMPDIR|SystemRoot|windir|COMSPEC|PATHEXT|(DY)?LD_LIBRARY_PATH|(CUDA|NVIDIA|VK|XDG|TF)_.*|DISPLAY|NODE_OPTIONS)$/i;

/** Memory of one step is kept for the next, in huge pages; scripts/launch.mjs says why. */
const KEEP_MEMORY = {
	MALLOC_MMAP_MAX_: "0",
	MALLOC_TRIM_THRESHOLD_: "1000000000000",
	GLIBC_TUNABLES: "glibc.malloc.hugetlb=1",
};

export function trainerEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
	return { ...KEEP_MEMORY, ...Object.fromEntries(Object.entries(env).filter(([name]) => HARMLESS.test(name))) };
}
