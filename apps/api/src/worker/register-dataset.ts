/** Registers data sets: their pixels go into the store as one file, their pairs into the database. */
import { ensureDataset } from "@mithridate/db";
import type { DatasetRegistration } from "./protocol.ts";
import type { WorkerSettings } from "./settings.ts";

/** Stores a data set version, unless somebody else did meanwhile; its id. */
export async function registerDataset(
	{ pixels, splits, ...dataset }: DatasetRegistration,
	{ database, artifacts }: Pick<WorkerSettings, "database" | "artifacts">,
): Promise<string> {
	const mediaType = "application/octet-stream";
	const images = { mediaType, ...(await artifacts.put({ path: pixels }, { mediaType })) };
	const pairs = splits.flatMap(({ split, pairs }) => pairs.map((pair, position) => ({ ...pair, split, position })));
	const count = (name: string) => pairs.filter(({ split }) => split === name).length;
	const counts = { trainCount: count("train"), testCount: count("test"), trustedCount: count("trusted") };
	return (await ensureDataset(database.db, { ...dataset, ...counts, images, pairs })).id;
}
