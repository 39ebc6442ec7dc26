/** Data set versions and their pairs. */
import { and, arrayContains, asc, count, eq, ilike, inArray, isNotNull, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { datasets, pairs } from "../schema/index.ts";
import { ensureArtifacts } from "./artifacts.ts";
import { type PageOf, type PageRequest, paged } from "./pages.ts";
import type { StoredFile } from "./record-items.ts";
import { containing, naming, records } from "./rows.ts";

export type Dataset = typeof datasets.$inferSelect;
export type Pair = typeof pairs.$inferSelect;
export type NewPair = Omit<Pair, "datasetId">;

export interface NewDataset
	extends Pick<
		Dataset,
		"name" | "hash" | "settings" | "classes" | "imageSize" | "trainCount" | "testCount" | "trustedCount"
	> {
	/** The pixels of all images as one file in the artifact store. */
	readonly images: Omit<StoredFile, "name"> | null;
	readonly pairs: readonly NewPair[];
}

/** Rows of one statement, which bounds its memory. */
const CHUNK = 5000;

/** Stores a data set version with its pairs, all or nothing; one that is there already, by its hash, is left as it is. */
export function ensureDataset(db: Db, { pairs: all, images, ...dataset }: NewDataset): Promise<Dataset> {
	return db.transaction(async (tx) => {
		if (images) await ensureArtifacts(tx, [images]);
		const [created] = await tx
			.insert(datasets)
			.values({ ...dataset, imagesSha256: images?.sha256 ?? null })
			.onConflictDoNothing()
			.returning();
		if (!created) return (await findDatasetByHash(tx, dataset.hash))!;
		for (let from = 0; from < all.length; from += CHUNK)
			await tx.execute(sql`
				INSERT INTO ${pairs} (dataset_id, split, position, sample, class, captions, image_row, image_sha256)
				SELECT ${created.id}, split, position, sample, class, captions, "imageRow", "imageSha256"
				FROM jsonb_to_recordset(${records(all.slice(from, from + CHUNK))}) AS pair(split split_name, position int,
					sample text, class text, captions text[], "imageRow" int, "imageSha256" text)`);
		return created;
	});
}

export async function findDatasetByHash(db: Db, hash: string): Promise<Dataset | null> {
	const [dataset] = await db.select().from(datasets).where(eq(datasets.hash, hash));
	return dataset ?? null;
}

/** The data sets of some ids, in any order; unknown ids are left out. */
export async function findDatasets(db: Db, ids: readonly string[]): Promise<Dataset[]> {
	return ids.length === 0
		? []
		: db
				.select()
				.from(datasets)
				.where(inArray(datasets.id, [...ids]));
}

export interface DatasetFilter {
	/** Part of the name. */
	readonly text?: string;
	/** With pairs of this class. */
	readonly class?: string;
}

const matching = ({ text, class: wanted }: DatasetFilter) =>
	and(
		text === undefined ? undefined : ilike(datasets.name, containing(text)),
		wanted === undefined ? undefined : arrayContains(datasets.classes, [wanted]),
	);

/** A page of data sets, the latest first. */
export function listDatasets(
	db: Db,
	{ filter = {}, page }: { filter?: DatasetFilter; page: PageRequest },
): Promise<PageOf<Dataset>> {
	const order = { key: datasets.createdAt, id: datasets.id, direction: "desc" } as const;
	return paged(order, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(datasets)
			.where(and(where, matching(filter)))
			.orderBy(...orderBy)
			.limit(limit),
	);
}

export async function countDatasets(db: Db, filter: DatasetFilter = {}): Promise<number> {
	const [row] = await db.select({ count: count() }).from(datasets).where(matching(filter));
	return row!.count;
}

export interface PairFilter {
	readonly datasetId: string;
	readonly split: Pair["split"];
	readonly class?: string;
	/** Part of the sample's name or of a caption. */
	readonly text?: string;
}

const matchingPairs = ({ datasetId, split, class: wanted, text }: PairFilter) =>
	and(
		eq(pairs.datasetId, datasetId),
		eq(pairs.split, split),
		wanted === undefined ? undefined : eq(pairs.class, wanted),
		text === undefined ? undefined : naming(pairs, text),
	);

/** A page of a split's pairs, in their order; the key is the position. */
export function listPairs(db: Db, { filter, page }: { filter: PairFilter; page: PageRequest }): Promise<PageOf<Pair>> {
	return paged({ key: pairs.position, direction: "asc" }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(pairs)
			.where(and(where, matchingPairs(filter)))
			.orderBy(...orderBy)
			.limit(limit),
	);
}

export async function countPairs(db: Db, filter: PairFilter): Promise<number> {
	const [row] = await db.select({ count: count() }).from(pairs).where(matchingPairs(filter));
	return row!.count;
}

/** Pairs of a data set by the names of their samples, in any order; unknown ones are left out. */
export async function findPairs(
	db: Db,
	{ datasetId, samples }: { datasetId: string; samples: readonly string[] },
): Promise<Pair[]> {
	if (samples.length === 0) return [];
	return db
		.select()
		.from(pairs)
		.where(and(eq(pairs.datasetId, datasetId), inArray(pairs.sample, [...samples])));
}

/** The first test pair of each class, by class. */
export function examplePairs(db: Db, datasetId: string): Promise<Pair[]> {
	return db
		.selectDistinctOn([pairs.class])
		.from(pairs)
		.where(and(eq(pairs.datasetId, datasetId), eq(pairs.split, "test"), isNotNull(pairs.class)))
		.orderBy(asc(pairs.class), asc(pairs.position));
}

/** Height and width of the images in a stored file of pixels, in pixels; null for any other file. */
export async function findImageSize(db: Db, imagesSha256: string): Promise<number | null> {
	const [row] = await db
		.select({ imageSize: datasets.imageSize })
		.from(datasets)
		.where(eq(datasets.imagesSha256, imagesSha256))
		.limit(1);
	return row?.imageSize ?? null;
}
