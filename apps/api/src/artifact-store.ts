/** The artifact store of an installation: a bucket where one is named, else the data folder. */
import { join } from "node:path";
import { type ArtifactStore, type DiskArtifactStore, diskArtifacts, s3Artifacts } from "@mithridate/db";
import type { StoreEnv } from "./store-env.ts";

/** Opens the store that the environment names. */
export function openArtifacts(dataFolder: string, env: StoreEnv): ArtifactStore | DiskArtifactStore {
	if (env.MITHRIDATE_S3_BUCKET === undefined) return diskArtifacts(join(dataFolder, "artifacts"));
	return s3Artifacts({
		bucket: env.MITHRIDATE_S3_BUCKET,
		region: env.MITHRIDATE_S3_REGION,
		prefix: env.MITHRIDATE_S3_PREFIX,
		temporaryFolder: join(dataFolder, "tmp"),
		...(env.MITHRIDATE_S3_ENDPOINT && { endpoint: env.MITHRIDATE_S3_ENDPOINT }),
	});
}
