/** Looks for what must never be and what a power cut may leave, and repairs what is harmless to repair. */
import { and, eq, lt, sql } from "drizzle-orm";
import type { ArtifactStore } from "../artifacts/contract.ts";
import { faultOf } from "../artifacts/contract.ts";
import type { DiskArtifactStore } from "../artifacts/disk.ts";
import type { Db } from "../connect.ts";
import { artifacts, checkpointFiles, datasets, runArtifacts } from "../schema/index.ts";
import { markDamaged } from "./artifacts.ts";

export type FindingKind =
	| "artifact-missing"
	| "artifact-damaged"
	| "artifact-unknown"
	| "artifact-unused"
	| "event-gap"
	| "lease-ended"
	| "dangling-row";

export interface Finding {
	readonly kind: FindingKind;
	/** The hash, id or name that is at fault. */
	readonly subject: string;
	readonly message: string;
	/** What `repair` does about it; null where a person must decide. */
	readonly remedy: string | null;
}

/** Files younger than this may belong to a transaction that has not committed yet. */
const GRACE_SECONDS = 600;

/** All findings about files and rows, files first. Every stored file is read. */
export async function* diagnose(
	db: Db,
	store: ArtifactStore | DiskArtifactStore,
	{ graceSeconds = GRACE_SECONDS }: { graceSeconds?: number } = {},
): AsyncGenerator<Finding, void> {
	yield* checkFiles(db, store);
	if ("list" in store) yield* checkStrangers(db, store, graceSeconds);
	yield* checkUnused(db, graceSeconds);
	yield* checkRows(db);
}

async function* checkFiles(db: Db, store: ArtifactStore): AsyncGenerator<Finding, void> {
	for (const { sha256 } of await db.select({ sha256: artifacts.sha256 }).from(artifacts)) {
		const fault = await faultOf(store, sha256);
		if (fault === null) continue;
		yield {
			kind: `artifact-${fault}`,
			subject: sha256,
			message: `The artifact ${sha256} is ${fault}.`,
			remedy: "marks it, so that the checkpoint before it is used",
		};
	}
}

async function* checkStrangers(db: Db, store: DiskArtifactStore, graceSeconds: number): AsyncGenerator<Finding, void> {
	const rows = await db.select({ sha256: artifacts.sha256 }).from(artifacts);
	const known = new Set(rows.map(({ sha256 }) => sha256));
	for await (const { sha256, storedAt } of store.list()) {
		if (known.has(sha256) || Date.now() - storedAt.getTime() < graceSeconds * 1000) continue;
		const message = `The file of ${sha256} has no row: what wrote it was stopped before its transaction.`;
		yield { kind: "artifact-unknown", subject: sha256, message, remedy: "deletes the file" };
	}
}

async function* checkUnused(db: Db, graceSeconds: number): AsyncGenerator<Finding, void> {
	for (const { sha256 } of await db.select({ sha256: artifacts.sha256 }).from(artifacts).where(unused(graceSeconds)))
		yield {
			kind: "artifact-unused",
			subject: sha256,
			message: `Nothing refers to the artifact ${sha256}.`,
			remedy: "deletes its file and its row",
		};
}

async function* checkRows(db: Db): AsyncGenerator<Finding, void> {
	for (const { kind, query, tell } of ROW_CHECKS)
		for (const row of (await db.execute<{ subject: string; detail: string }>(query)).rows)
			yield { kind, subject: row.subject, message: tell(row), remedy: null };
}

/** What foreign keys and checks cannot say. Each query gives `subject` and `detail` of every fault. */
const ROW_CHECKS: readonly {
	readonly kind: FindingKind;
	readonly query: ReturnType<typeof sql>;
	readonly tell: (row: { subject: string; detail: string }) => string;
}[] = [
	{
		kind: "event-gap",
		query: sql`SELECT r.id AS subject, r.last_seq || ', but ' || count(e.seq) || ' are there, up to ' || coalesce(max(e.seq), 0) AS detail
			FROM runs r LEFT JOIN events e ON e.run_id = r.id GROUP BY r.id
			HAVING count(e.seq) <> r.last_seq OR coalesce(max(e.seq), 0) <> r.last_seq`,
		tell: ({ subject, detail }) => `The events of run ${subject} should be numbered 1 to ${detail}.`,
	},
	{
		kind: "lease-ended",
		query: sql`SELECT id AS subject, lease_until::text AS detail FROM runs
			WHERE status = 'running' AND lease_until < clock_timestamp() - interval '60 seconds'`,
		tell: ({ subject, detail }) =>
			`Run ${subject} is said to run, but its lease ended at ${detail}. The next worker or server takes it back.`,
	},
	{
		kind: "dangling-row",
		query: sql`SELECT r.id AS subject, r.epoch::text AS detail FROM runs r
			WHERE r.epoch > 0 AND NOT EXISTS (SELECT FROM attempts a WHERE a.run_id = r.id AND a.epoch = r.epoch)`,
		tell: ({ subject, detail }) => `Run ${subject} is at attempt ${detail}, which has no row.`,
	},
	{
		kind: "dangling-row",
		query: sql`SELECT a.run_id || ':' || a.epoch AS subject, r.status::text AS detail FROM attempts a JOIN runs r ON r.id = a.run_id
			WHERE a.ended_at IS NULL AND (a.epoch <> r.epoch OR r.status <> 'running')`,
		tell: ({ subject, detail }) => `Attempt ${subject} has no end, but its run is ${detail}.`,
	},
	{
		kind: "dangling-row",
		query: sql`SELECT s.key AS subject, s.name AS detail FROM stages s WHERE s.status = 'finished'
			AND NOT EXISTS (SELECT FROM checkpoints c WHERE c.stage_key = s.key AND c.kind = 'model')`,
		tell: ({ subject, detail }) => `Stage ${detail} (${subject}) is finished but has no model.`,
	},
	{
		kind: "dangling-row",
		query: sql`SELECT c.id AS subject, c.kind::text AS detail FROM checkpoints c
			WHERE NOT EXISTS (SELECT FROM checkpoint_files f WHERE f.checkpoint_id = c.id)`,
		tell: ({ subject, detail }) => `Checkpoint ${subject} (${detail}) has no files.`,
	},
	{
		kind: "dangling-row",
		query: sql`SELECT d.id AS subject, d.train_count + d.test_count + d.trusted_count || ' pairs, but has ' || count(p.position) AS detail
			FROM datasets d LEFT JOIN pairs p ON p.dataset_id = d.id GROUP BY d.id
			HAVING count(p.position) <> d.train_count + d.test_count + d.trusted_count`,
		tell: ({ subject, detail }) => `Data set ${subject} should have ${detail}.`,
	},
];

/** Repairs findings that have a remedy; returns those that it repaired. */
export async function repair(db: Db, store: ArtifactStore, findings: readonly Finding[]): Promise<readonly Finding[]> {
	const repaired: Finding[] = [];
	for (const finding of findings) {
		const { kind, subject } = finding;
		if (kind === "artifact-missing" || kind === "artifact-damaged") await markDamaged(db, [subject]);
		else if (kind === "artifact-unknown") await store.delete(subject);
		else if (kind === "artifact-unused") await deleteUnused(db, store, { sha256: subject });
		else continue;
		repaired.push(finding);
	}
	return repaired;
}

/**
 * Deletes files that nothing needs any more: of checkpoints that were replaced, and of writers that were stopped.
 * @returns how many files.
 */
export async function collectGarbage(
	db: Db,
	store: ArtifactStore | DiskArtifactStore,
	{ graceSeconds = GRACE_SECONDS }: { graceSeconds?: number } = {},
): Promise<number> {
	const rows = await db.select({ sha256: artifacts.sha256 }).from(artifacts).where(unused(graceSeconds));
	for (const { sha256 } of rows) await deleteUnused(db, store, { sha256, graceSeconds });
	if (!("list" in store)) return rows.length;
	let strangers = 0;
	for await (const { subject } of checkStrangers(db, store, graceSeconds)) {
		await store.delete(subject);
		strangers++;
	}
	return rows.length + strangers + (await store.sweep({ idleSeconds: graceSeconds }));
}

/** Deletes the row first: a file without a row is only garbage, a row without a file would be a fault. */
export async function deleteUnused(
	db: Db,
	store: ArtifactStore,
	{ sha256, graceSeconds = 0 }: { sha256: string; graceSeconds?: number },
): Promise<void> {
	const { rowCount } = await db.delete(artifacts).where(and(eq(artifacts.sha256, sha256), unused(graceSeconds)));
	if (rowCount === 1) await store.delete(sha256);
}

function unused(graceSeconds: number) {
	const referred = [checkpointFiles.sha256, runArtifacts.sha256, datasets.imagesSha256].map(
		(column) => sql`NOT EXISTS (SELECT FROM ${column.table} WHERE ${column} = ${artifacts.sha256})`,
	);
	return and(lt(artifacts.createdAt, sql`now() - make_interval(secs => ${graceSeconds})`), ...referred);
}
