/** What the database knows of stored files. */
import { inArray, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { artifacts } from "../schema/index.ts";

export type Artifact = typeof artifacts.$inferSelect;

/** Notes files that were just stored. One that was found damaged before is sound again. */
export async function ensureArtifacts(
	tx: Db,
	files: readonly Pick<Artifact, "sha256" | "bytes" | "mediaType">[],
): Promise<void> {
	if (files.length === 0) return;
	// In one order for all, so that two transactions that store the same files never wait for each other.
	const rows = [...new Map(files.map((file) => [file.sha256, file])).values()]
		.map(({ sha256, bytes, mediaType }) => ({ sha256, bytes, mediaType }))
		.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
	await tx
		.insert(artifacts)
		.values(rows)
		.onConflictDoUpdate({ target: artifacts.sha256, set: { damagedAt: null, createdAt: sql`now()` } });
}

/** The rows of some hashes, in any order; unknown ones are left out. */
export async function findArtifacts(db: Db, hashes: readonly string[]): Promise<Artifact[]> {
	return hashes.length === 0
		? []
		: db
				.select()
				.from(artifacts)
				.where(inArray(artifacts.sha256, [...hashes]));
}

/** Notes that files are missing or hold something else than their name says; returns those that were thought sound. */
export async function markDamaged(db: Db, hashes: readonly string[]): Promise<string[]> {
	if (hashes.length === 0) return [];
	const rows = await db
		.update(artifacts)
		.set({ damagedAt: sql`now()` })
		.where(sql`${artifacts.sha256} = ANY(${sql.param([...hashes])}) AND ${artifacts.damagedAt} IS NULL`)
		.returning({ sha256: artifacts.sha256 });
	return rows.map(({ sha256 }) => sha256);
}
