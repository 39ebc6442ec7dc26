/** Items of a batch that are one row each. */
import { sql } from "drizzle-orm";
import { metricPoints, runArtifacts, runStages, stages, systemSamples } from "../schema/index.ts";
import type { NewEvent } from "../shapes.ts";
import { ensureArtifacts } from "./artifacts.ts";
import { copyProbes } from "./probes.ts";
import type { ItemOf, Recording } from "./record-items.ts";

/** Notes that the run is at a stage. Every attempt tells of it anew; the row keeps how the run came to it first. */
export async function recordStage(recording: Recording, { name, key, reused }: ItemOf<"stage">): Promise<NewEvent> {
	const { tx, run } = recording;
	if (key !== null) {
		await tx.insert(stages).values({ key, name, madeByRun: run.id }).onConflictDoNothing();
		await tx.insert(runStages).values({ runId: run.id, name, stageKey: key, reused }).onConflictDoNothing();
		if (reused) {
			await copyCurves(recording, { name, key });
			await copyProbes(recording, { name, key });
		}
	}
	return { kind: "stage", body: { stage: name, stageKey: key, reused } };
}

/** A model that another run trained brings its curves along: without them the run would show none. */
async function copyCurves({ tx, run }: Recording, { name, key }: { name: string; key: string }): Promise<void> {
	await tx.execute(sql`
		INSERT INTO ${metricPoints} (run_id, key, step, value, epoch)
		SELECT ${run.id}, ${name}::text || substr(point.key, length(stage.name) + 1), point.step, point.value, ${run.epoch}
		FROM ${stages} AS stage JOIN ${metricPoints} AS point ON point.run_id = stage.made_by_run
		WHERE stage.key = ${key} AND stage.made_by_run <> ${run.id} AND starts_with(point.key, stage.name || '/')
		ON CONFLICT DO NOTHING`);
}

export async function recordSample({ tx, run }: Recording, item: ItemOf<"system-sample">): Promise<NewEvent> {
	const { at, cpuShare, residentBytes } = item;
	const row = { runId: run.id, at, epoch: run.epoch, cpuShare, residentBytes };
	await tx.insert(systemSamples).values(row).onConflictDoNothing();
	return { kind: "system-sample", body: { cpuShare, residentBytes } };
}

/** Gives the run a file, in place of one of the same name. */
export async function recordArtifact({ tx, run }: Recording, { name, sha256, bytes, mediaType }: ItemOf<"artifact">) {
	await ensureArtifacts(tx, [{ sha256, bytes, mediaType }]);
	await tx
		.insert(runArtifacts)
		.values({ runId: run.id, name, sha256 })
		.onConflictDoUpdate({ target: [runArtifacts.runId, runArtifacts.name], set: { sha256 } });
}
