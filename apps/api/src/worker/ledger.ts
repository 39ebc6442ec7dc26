/** One attempt's entries in the database, each written once although an answer may get lost on the way. */
import {
	type AttemptRef,
	commitCheckpoint,
	deleteUnused,
	findDatasetByHash,
	lastSeq,
	type RecordItem,
	record,
	STATES_KEPT,
	type StoredFile,
} from "@mithridate/db";
import { isOutage } from "./outage.ts";
import type { CheckpointNotice, DatasetRegistration } from "./protocol.ts";
import { registerDataset } from "./register-dataset.ts";
import type { WorkerSettings } from "./settings.ts";

/** What an attempt writes, in order; plain data, so that it can wait in a file. */
export type Entry =
	| { readonly kind: "items"; readonly items: readonly RecordItem[] }
	| { readonly kind: "checkpoint"; readonly notice: CheckpointNotice; readonly files: readonly StoredFile[] };

export interface Ledger {
	/** Commits an entry. After an outage the same entry is given again, whether or not it had been committed. */
	write(entry: Entry): Promise<void>;
	/** The id of a data set version that is registered; null when it has to be. */
	knownDataset(hash: string): Promise<string | null>;
	/** Registers a data set version, unless somebody else did meanwhile; its id. */
	registerDataset(registration: DatasetRegistration): Promise<string>;
}

/** `seq` is the number of the run's newest event when it was claimed. */
export function createLedger(
	attempt: AttemptRef,
	{ database, artifacts }: Pick<WorkerSettings, "database" | "artifacts">,
	seq: number,
): Ledger {
	const { db } = database;
	let known = seq;
	let isUncertain = false;
	/** Files of the training states that this attempt has saved, by stage, the newest last. */
	const states = new Map<string, readonly (readonly StoredFile[])[]>();

	const commit = async (entry: Entry): Promise<number> => {
		if (entry.kind === "items") return (await record(db, { ...attempt, items: entry.items })).lastSeq;
		const { stage, kind, step, seconds } = entry.notice;
		const { key: stageKey, name } = stage;
		const { files } = entry;
		const done = await commitCheckpoint(db, { ...attempt, stageKey, stage: name, kind, step, seconds, files });
		const saved = [...(states.get(stageKey) ?? []), ...(kind === "state" ? [files] : [])];
		const kept = kind === "state" ? saved.slice(-STATES_KEPT) : [];
		states.set(stageKey, kept);
		for (const { sha256 } of saved.slice(0, saved.length - kept.length).flat())
			await deleteUnused(db, artifacts, { sha256 });
		return done.lastSeq;
	};
	return {
		async write(entry) {
			if (isUncertain) {
				// While a run is running only its attempt tells of it: a newer event is this entry's, and it was committed.
				const newest = (await lastSeq(db, attempt)) ?? known;
				isUncertain = false;
				if (newest > known) {
					known = newest;
					return;
				}
			}
			try {
				known = await commit(entry);
			} catch (error) {
				isUncertain = isOutage(error);
				throw error;
			}
		},
		knownDataset: async (hash) => (await findDatasetByHash(db, hash))?.id ?? null,
		registerDataset: (registration) => registerDataset(registration, { database, artifacts }),
	};
}
