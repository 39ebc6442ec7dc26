/** What a worker process works with. */
import type { ArtifactStore, Database } from "@mithridate/db";
import type { Logger } from "pino";
import type { HostEnvironment } from "./environment.ts";
import type { RunQueue } from "./queue.ts";
import type { TrainerSettings } from "./trainer-process.ts";

/** Times and bounds; the lease itself is the database's. */
export interface Timing {
	/** Between two renewals of the lease, which lasts 15 s. */
	readonly renewMilliseconds: number;
	/** Between two looks at the queue while there is nothing to do. */
	readonly pollMilliseconds: number;
	/** Between two sweeps for leases that ended. */
	readonly sweepMilliseconds: number;
	/** Between two tries while the database is away. */
	readonly retryMilliseconds: number;
	/** Between two looks at whether the trainer gets anywhere. */
	readonly watchMilliseconds: number;
	/** The least time without progress after which a trainer counts as hanging. */
	readonly hangMilliseconds: number;
	/** What a trainer gets to end after a cancel, before it is killed. */
	readonly cancelGraceMilliseconds: number;
	/** What a trainer gets to save its state when the worker is asked to end, before it is killed. */
	readonly drainGraceMilliseconds: number;
	/** How long another run that trains a stage may go without saving its state before this one trains it as well. */
	readonly rivalMilliseconds: number;
	/** Most bytes held while the database is away; the trainer waits when they are used up. */
	readonly spoolBytes: number;
}

export const defaultTiming: Timing = {
	renewMilliseconds: 2000,
	pollMilliseconds: 1000,
	sweepMilliseconds: 5000,
	retryMilliseconds: 500,
	watchMilliseconds: 1000,
	hangMilliseconds: 120_000,
	cancelGraceMilliseconds: 1500,
	drainGraceMilliseconds: 7000,
	rivalMilliseconds: 600_000,
	spoolBytes: 64 * 1024 * 1024,
};

export interface WorkerSettings {
	readonly database: Database;
	readonly queue: RunQueue;
	readonly artifacts: ArtifactStore;
	/** Scratch folders and spools; on the disk of the artifacts, so that files can be linked. */
	readonly tmpFolder: string;
	/** Rendered data sets. */
	readonly cacheFolder: string;
	/** Imported data sets. */
	readonly datasetFolder: string;
	/** Threads of the CPU provider where a run leaves them open; 0: one per core. */
	readonly threads: number;
	/** Steps between two saved training states. */
	readonly checkpointEvery: number;
	readonly trainer: TrainerSettings;
	readonly environment: HostEnvironment;
	readonly timing: Timing;
	readonly log: Logger;
}
