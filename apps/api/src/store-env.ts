/** Where artifacts are kept, from the environment. Loads nothing heavy: a start that is refused is refused at once. */
import { z } from "zod";

/** Credentials come from the environment, as every AWS program takes them. */
export const StoreEnv = z.object({
	MITHRIDATE_S3_BUCKET: z.string().min(1).optional(),
	MITHRIDATE_S3_REGION: z.string().min(1).default("us-east-1"),
	/** Address of the storage; AWS's own where it is left out. */
	MITHRIDATE_S3_ENDPOINT: z.url().optional(),
	/** In front of every key. */
	MITHRIDATE_S3_PREFIX: z.string().default(""),
});

export type StoreEnv = z.output<typeof StoreEnv>;
