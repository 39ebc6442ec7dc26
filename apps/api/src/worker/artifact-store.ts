/** The artifact store of an installation: a bucket where one is named, else the data folder. */
import { join } from "node:path";
import { type ArtifactStore, diskArtifacts, s3Artifacts } from "@mithridate/db";
import { z } from "zod";

/** Credentials come from the environment, as every AWS program takes them. */
const StoreEnv = z.object({
	MITHRIDATE_S3_BUCKET: z.string().min(1).optional(),
	MITHRIDATE_S3_REGION: z.string().min(1).default("us-east-1"),
	/** Address of the storage; AWS's own where it is left out. */
	MITHRIDATE_S3_ENDPOINT: z.url().optional(),
	/** In front of every key. */
	MITHRIDATE_S3_PREFIX: z.string().default(""),
});

/** Opens the store that the environment names. */
export function openArtifacts(
	dataFolder: string,
	environment: Readonly<Record<string, string | undefined>>,
): ArtifactStore {
	const env = StoreEnv.parse(environment);
	if (env.MITHRIDATE_S3_BUCKET === undefined) return diskArtifacts(join(dataFolder, "artifacts"));
	return s3Artifacts({
		bucket: env.MITHRIDATE_S3_BUCKET,
		region: env.MITHRIDATE_S3_REGION,
		prefix: env.MITHRIDATE_S3_PREFIX,
		temporaryFolder: join(dataFolder, "tmp"),
		...(env.MITHRIDATE_S3_ENDPOINT && { endpoint: env.MITHRIDATE_S3_ENDPOINT }),
	});
}
