/** Finds what is known of a stage and lays its newest sound checkpoint into a trainer's folder. */

import { setTimeout as sleep } from "node:timers/promises";
import { type Checkpoint, markDamaged, newestCheckpoint, probesFor } from "@mithridate/db";
import type { StageRef } from "@mithridate/engine";
import { layOut } from "./checkpoint-files.ts";
import type { Entry } from "./ledger.ts";
import type { Questions } from "./protocol.ts";
import type { WorkerSettings } from "./settings.ts";
import { claimStage } from "./stage-claims.ts";

export interface StageFilesIo {
	readonly scratch: string;
	readonly runId: string;
	/** Whether the run measures models within their training. */
	readonly isProbing: boolean;
	readonly settings: Pick<WorkerSettings, "database" | "artifacts" | "timing">;
	/** Told when the stage is found to be trained by another run, and when that wait is over. */
	onWait(isWaiting: boolean): void;
	readonly signal: AbortSignal;
	/** Writes to the run's record. */
	write(entry: Entry): Promise<void>;
}

/**
 * The model of a finished stage, or the newest state of a begun one; damaged ones are passed over, and said so. While
 * another run trains the stage, its model is waited for, as long as it saves states on the way.
 */
export async function bringStage(stage: StageRef, io: StageFilesIo): Promise<Questions["stage"]["answer"]> {
	const { settings, runId, onWait, signal } = io;
	const { db } = settings.database;
	// A finished model shows nothing of its way there: unless that is known already, the way is gone once more.
	const isModelEnough = async () => !io.isProbing || (await probesFor(db, { runId, stageKey: stage.key })) !== null;
	let seen = { id: "", at: performance.now() };
	try {
		for (;;) {
			const finished = await newestCheckpoint(db, { stageKey: stage.key, kind: "model" });
			if (finished && !(await isModelEnough())) break;
			if (finished && (await bringNewest(stage, "model", io))) return "finished";
			if ((await claimStage(db, stage, runId)) === null) {
				// Whoever had it may have finished it, and ended, since its model was looked for.
				if ((await isModelEnough()) && (await bringNewest(stage, "model", io))) return "finished";
				break;
			}
			const id = (await newestCheckpoint(db, { stageKey: stage.key, kind: "state" }))?.id ?? "";
			if (id !== seen.id) seen = { id, at: performance.now() };
			if (performance.now() - seen.at > settings.timing.rivalMilliseconds) break;
			onWait(true);
			await sleep(settings.timing.pollMilliseconds, undefined, { signal });
		}
	} finally {
		onWait(false);
	}
	return (await bringNewest(stage, "state", io)) ? "begun" : "unknown";
}

/** Whether there is a sound checkpoint of a kind; the newest one then lies in the folder. */
async function bringNewest({ key, name }: StageRef, kind: Checkpoint["kind"], io: StageFilesIo): Promise<boolean> {
	for (;;) {
		// A state of a run that did not measure on its way, or measured something else, would hide that way.
		const isOwn = kind === "state" && io.isProbing;
		const checkpoint = await newestCheckpoint(io.settings.database.db, {
			stageKey: key,
			kind,
			...(isOwn && { runId: io.runId }),
		});
		if (checkpoint === null) return false;
		if (await isLaidOut(checkpoint, name, io)) return true;
	}
}

async function isLaidOut(
	checkpoint: Checkpoint,
	name: string,
	{ scratch, settings, write }: StageFilesIo,
): Promise<boolean> {
	const { database, artifacts } = settings;
	const { kind, step, files, stageKey } = checkpoint;
	const damaged = await layOut({ key: stageKey, kind, files }, { scratch, artifacts });
	if (damaged.length === 0) return true;
	// Whoever makes the same content again must not find the damaged file in its place.
	for (const sha256 of damaged) await artifacts.delete(sha256);
	await markDamaged(database.db, damaged);
	const what = kind === "model" ? "the finished model" : `the training state after step ${step}`;
	const message = `Of the stage ${name}, ${what} is damaged or missing (${damaged.join(", ")}) and is passed over: training goes on from what came before.`;
	await write({ kind: "items", items: [{ kind: "log", level: "warn", message }] });
	return false;
}
