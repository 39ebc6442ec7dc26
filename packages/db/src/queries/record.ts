/** The one writer of an attempt: a batch of what it found is stored in one transaction, numbered, and refused when stale. */
import { and, eq } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { attempts, runs } from "../schema/index.ts";
import type { NewEvent } from "../shapes.ts";
import { appendEvents } from "./events.ts";
import { type AttemptRef, fence } from "./leases.ts";
import { recordAttack } from "./record-attack.ts";
import { recordDefense } from "./record-defense.ts";
import { recordEvaluation } from "./record-evaluation.ts";
import type { Difference, RecordItem, Recording } from "./record-items.ts";
import { recordMetrics } from "./record-metrics.ts";
import { recordArtifact, recordSample, recordStage } from "./record-rows.ts";

/** What became of a batch. */
export interface Recorded {
	/** Number of the run's newest event. */
	readonly lastSeq: number;
	/** Results that came out otherwise when an attempt repeated what one before it had done; a WARN event tells of them. */
	readonly differences: readonly Difference[];
}

/**
 * Stores a batch in the order of its items. Results that an attempt before this one stored already make no new rows and
 * no events; where they are not the same bit for bit, the first stay and a WARN event tells of it.
 * @throws StaleAttemptError when the attempt lost its run: nothing is stored.
 */
export function record(
	db: Db,
	{ runId, epoch, items }: AttemptRef & { readonly items: readonly RecordItem[] },
): Promise<Recorded> {
	return db.transaction(async (tx) => {
		const run = await fence(tx, { runId, epoch });
		const recording: Recording = { tx, run, changes: {}, differences: [] };
		const metrics = await recordMetrics(recording, items);
		if (metrics.size > 0) await noteProgress(tx, { runId, epoch });
		const events: NewEvent[] = [];
		for (const [at, item] of items.entries()) {
			const event = metrics.get(at) ?? (await recordItem(recording, item));
			if (event) events.push(event);
		}
		if (recording.differences.length > 0) events.push(alarm(recording.differences));
		if (Object.keys(recording.changes).length > 0)
			await tx.update(runs).set(recording.changes).where(eq(runs.id, runId));
		const lastSeqs = await appendEvents(tx, [{ runId, epoch, events }]);
		return { lastSeq: lastSeqs.get(runId) ?? run.lastSeq, differences: recording.differences };
	});
}

/** Marks an attempt as one that got somewhere, so that losing it does not count towards quarantine. */
export async function noteProgress(tx: Db, { runId, epoch }: AttemptRef): Promise<void> {
	const still = and(eq(attempts.runId, runId), eq(attempts.epoch, epoch), eq(attempts.madeProgress, false));
	await tx.update(attempts).set({ madeProgress: true }).where(still);
}

/** Stores one item that is no metric point; returns its event where it is news. */
async function recordItem(recording: Recording, item: RecordItem): Promise<NewEvent | null> {
	const { changes } = recording;
	switch (item.kind) {
		case "metric-point":
			return null;
		case "dataset":
			changes.datasetId = item.datasetId;
			return null;
		case "environment":
			changes.environment = item.environment;
			return null;
		case "progress": {
			const { kind, ...progress } = item;
			changes.progress = progress;
			return { kind, body: progress };
		}
		case "log":
			return { kind: "log", body: { level: item.level, message: item.message } };
		case "stage":
			return recordStage(recording, item);
		case "attack":
			return recordAttack(recording, item);
		case "evaluation":
			return recordEvaluation(recording, item);
		case "defense-report":
			return recordDefense(recording, item);
		case "system-sample":
			return recordSample(recording, item);
		case "artifact":
			await recordArtifact(recording, item);
			return null;
	}
}

function alarm(differences: readonly Difference[]): NewEvent {
	const [{ what, stored, repeated }] = differences as [Difference];
	const others = differences.length === 1 ? "" : ` (and ${differences.length - 1} more)`;
	const message = `determinism alarm: ${what} was ${stored} and is ${repeated} when repeated${others}. The first value is kept. Compare the code version, threads and machine of both attempts.`;
	return { kind: "log", body: { level: "warn", message } };
}
