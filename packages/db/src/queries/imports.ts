/** Imports of data sets: asked for, claimed with a lease, told of, and ended once. */
import { and, asc, count, desc, eq, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { StaleAttemptError } from "../errors.ts";
import { importFaults, imports } from "../schema/index.ts";
import type { RunFailure } from "../shapes.ts";
import { type IdempotentRequest, idempotently } from "./idempotency.ts";
import { LEASE_SECONDS, STALLS_TO_QUARANTINE } from "./leases.ts";
import { type PageOf, type PageRequest, paged } from "./pages.ts";
import { records } from "./rows.ts";

export type Import = typeof imports.$inferSelect;
export type ImportStatus = Import["status"];
export type ImportFault = Omit<typeof importFaults.$inferSelect, "importId" | "position">;
export type StoredImportFault = typeof importFaults.$inferSelect;

/** Rows left out that are kept with an import; the version's own report holds all of them. */
export const IMPORT_FAULTS_KEPT = 10_000;

/** Which attempt of an import writes. */
export interface ImportAttempt {
	readonly importId: string;
	readonly epoch: number;
}

/** After the database was away nobody could renew: who held an import gets this long to do so. */
const GRACE_SECONDS = 5;

const open = ["queued", "running"] as const;
const leaseEnd = sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`;
const raised = sql`${imports.revision} + 1`;

/** Asks for an import, once per idempotency key. */
export function createImport(
	db: Db,
	{
		wanted,
		idempotency,
	}: { wanted: Pick<Import, "kind" | "path" | "root" | "settings">; idempotency: IdempotentRequest },
): Promise<{ row: Import; replayed: boolean }> {
	return db.transaction(async (tx) => {
		const { result, replayed } = await idempotently(tx, idempotency, async () => {
			const [row] = await tx.insert(imports).values(wanted).returning({ id: imports.id });
			return row!.id;
		});
		const [row] = await findImports(tx, [result]);
		return { row: row!, replayed };
	});
}

/**
 * Takes the import that has waited longest, or one whose worker is gone, and begins its next attempt. One that was lost
 * too often without progress is ended instead.
 * @returns null where there is nothing to do.
 */
export function claimImport(db: Db, { workerId }: { workerId: string }): Promise<Import | null> {
	return db.transaction(async (tx) => {
		for (;;) {
			const lost = and(
				eq(imports.status, "running"),
				lt(imports.leaseUntil, sql`clock_timestamp() - make_interval(secs => ${GRACE_SECONDS})`),
			);
			const [found] = await tx
				.select()
				.from(imports)
				.where(or(eq(imports.status, "queued"), lost))
				.orderBy(asc(imports.createdAt))
				.limit(1)
				.for("no key update", { skipLocked: true });
			if (!found) return null;
			const stalledAttempts = found.stalledAttempts + (found.status === "running" ? 1 : 0);
			const over = found.isCancelled ? null : exhausted(stalledAttempts, found.error);
			if (found.isCancelled || over !== null) {
				await change(tx, eq(imports.id, found.id), { ...ended, status: over ? "failed" : "cancelled", error: over });
				continue;
			}
			return await change(tx, eq(imports.id, found.id), {
				status: "running",
				epoch: sql`${imports.epoch} + 1`,
				leaseUntil: leaseEnd,
				workerId,
				stalledAttempts,
				startedAt: sql`coalesce(${imports.startedAt}, now())`,
			});
		}
	});
}

function exhausted(stalledAttempts: number, last: RunFailure | null): RunFailure | null {
	if (stalledAttempts < STALLS_TO_QUARANTINE) return null;
	const why = last === null ? "" : ` The last one: ${last.message}`;
	const message = `${stalledAttempts} attempts in a row were lost without progress.${why}`;
	return { code: last?.code ?? "no-progress", message };
}

/** What an attempt tells; rows left out are added behind those that are known. */
export interface ImportNews {
	readonly done: number;
	readonly total: number;
	/** Rows newly left out: the first of them, and how many there are. */
	readonly faults: readonly ImportFault[];
	readonly faultCount: number;
}

/** Lengthens the lease and notes what is new. @throws StaleAttemptError when the attempt lost the import. */
export function recordImport(
	db: Db,
	{ importId, epoch, done, total, faults, faultCount }: ImportAttempt & ImportNews,
): Promise<Pick<Import, "isCancelled">> {
	return db.transaction(async (tx) => {
		const before = await fence(tx, { importId, epoch });
		const isNew = done !== before.done || total !== before.total || faultCount > 0;
		await addFaults(tx, importId, { from: before.faultCount, faults });
		const [row] = await tx
			.update(imports)
			.set({
				leaseUntil: leaseEnd,
				...(isNew && { revision: raised, done, total, faultCount: before.faultCount + faultCount }),
				...(done > before.done && { stalledAttempts: 0, error: null }),
			})
			.where(eq(imports.id, importId))
			.returning({ isCancelled: imports.isCancelled });
		return row!;
	});
}

/** How an attempt ended. `lost`: its process died; the import waits for the next attempt. */
export type ImportEnd =
	| {
			readonly outcome: "succeeded";
			readonly versionHash: string;
			readonly datasetId: string;
			/** All rows left out in any attempt, in their order, and how many there are. */
			readonly faults: readonly ImportFault[];
			readonly faultCount: number;
	  }
	| { readonly outcome: "failed" | "lost"; readonly error: RunFailure }
	| { readonly outcome: "cancelled" }
	/** Given back by a worker that ends. */
	| { readonly outcome: "queued" };

/** Ends an attempt. @throws StaleAttemptError when it lost the import before. */
export function finishImport(db: Db, { importId, epoch, ...end }: ImportAttempt & ImportEnd): Promise<Import> {
	return db.transaction(async (tx) => {
		const before = await fence(tx, { importId, epoch });
		const own = eq(imports.id, importId);
		switch (end.outcome) {
			case "succeeded": {
				const { versionHash, datasetId, faults, faultCount } = end;
				await tx.delete(importFaults).where(eq(importFaults.importId, importId));
				await addFaults(tx, importId, { from: 0, faults });
				return change(tx, own, { ...ended, status: "succeeded", versionHash, datasetId, faultCount, error: null });
			}
			case "failed":
				return change(tx, own, { ...ended, status: "failed", error: end.error });
			case "cancelled":
				return change(tx, own, { ...ended, status: "cancelled" });
			case "queued":
				return change(tx, own, { ...free, status: before.isCancelled ? "cancelled" : "queued" });
			case "lost": {
				const stalledAttempts = before.stalledAttempts + 1;
				const over = exhausted(stalledAttempts, end.error);
				if (over !== null) return change(tx, own, { ...ended, status: "failed", error: over });
				return change(tx, own, { ...free, status: "queued", stalledAttempts, error: end.error });
			}
		}
	});
}

/** Asks for an import to stop: a waiting one at once, a running one when its worker sees it. Null when there is none. */
export function cancelImport(db: Db, importId: string): Promise<Import | null> {
	return db.transaction(async (tx) => {
		const [found] = await tx.select().from(imports).where(eq(imports.id, importId)).for("no key update");
		if (!found || !open.some((status) => status === found.status)) return found ?? null;
		const stop = found.status === "queued" ? { ...ended, status: "cancelled" as const } : {};
		return change(tx, eq(imports.id, importId), { isCancelled: true, ...stop });
	});
}

/** Imports of some ids, in any order; unknown ids are left out. */
export async function findImports(db: Db, ids: readonly string[]): Promise<Import[]> {
	return ids.length === 0
		? []
		: db
				.select()
				.from(imports)
				.where(inArray(imports.id, [...ids]));
}

/** The imports that workers have, the newest first: one that was lost is a worker's until another takes it. */
export function importsOfWorkers(db: Db, workerIds: readonly string[]): Promise<Import[]> {
	return db
		.select()
		.from(imports)
		.where(and(eq(imports.status, "running"), inArray(imports.workerId, [...workerIds])))
		.orderBy(desc(imports.startedAt), desc(imports.id));
}

/** The revisions of imports, by id. */
export async function importRevisions(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
	const rows = await db
		.select({ id: imports.id, revision: imports.revision })
		.from(imports)
		.where(inArray(imports.id, [...ids]));
	return new Map(rows.map(({ id, revision }) => [id, revision]));
}

/** A page of imports, the latest first. */
export function listImports(db: Db, { page }: { page: PageRequest }): Promise<PageOf<Import>> {
	return paged({ key: imports.createdAt, id: imports.id, direction: "desc" }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(imports)
			.where(where)
			.orderBy(...orderBy)
			.limit(limit),
	);
}

export async function countImports(db: Db): Promise<number> {
	const [row] = await db.select({ count: count() }).from(imports);
	return row!.count;
}

/** A page of the rows that an import left out, in their order; the key is the position. */
export function listImportFaults(
	db: Db,
	{ importId, page }: { importId: string; page: PageRequest },
): Promise<PageOf<StoredImportFault>> {
	return paged({ key: importFaults.position, direction: "asc" }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(importFaults)
			.where(and(where, eq(importFaults.importId, importId)))
			.orderBy(...orderBy)
			.limit(limit),
	);
}

const free = { leaseUntil: null, workerId: null };
const ended = { ...free, endedAt: sql`now()` };

async function change(tx: Db, which: SQL, values: Parameters<ReturnType<Db["update"]>["set"]>[0]): Promise<Import> {
	const [row] = await tx
		.update(imports)
		.set({ ...values, revision: raised })
		.where(which)
		.returning();
	return row!;
}

/** Locks an attempt's import for the rest of the transaction. */
async function fence(tx: Db, { importId, epoch }: ImportAttempt): Promise<Import> {
	const held = and(eq(imports.id, importId), eq(imports.epoch, epoch), eq(imports.status, "running"));
	const [row] = await tx.select().from(imports).where(held).for("no key update");
	if (!row) throw new StaleAttemptError({ runId: importId, epoch });
	return row;
}

/** Names and details come from strangers' files; PostgreSQL stores neither a NUL nor half a character. */
function storable(texts: Omit<ImportFault, "row">): Record<string, string | null> {
	return Object.fromEntries(
		Object.entries(texts).map(([name, text]) => [name, text?.replaceAll("\0", "\ufffd").toWellFormed() ?? null]),
	);
}

async function addFaults(
	tx: Db,
	importId: string,
	{ from, faults }: { from: number; faults: readonly ImportFault[] },
): Promise<void> {
	const kept = faults.slice(0, Math.max(0, IMPORT_FAULTS_KEPT - from));
	if (kept.length === 0) return;
	const rows = kept.map(({ row, ...texts }, at) => ({ ...storable(texts), row, position: from + at }));
	await tx.execute(sql`
		INSERT INTO ${importFaults} (import_id, position, file, "row", "column", reason, detail)
		SELECT ${importId}, position, file, "row", "column", reason, detail
		FROM jsonb_to_recordset(${records(rows)})
			AS told(position int, file text, "row" int, "column" text, reason text, detail text)`);
}
