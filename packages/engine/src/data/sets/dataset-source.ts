/** The contract of a data set that an experiment can name. */
import type { z } from "zod";
import type { Dataset, ProgressEvent } from "../../types.ts";

/** What lies outside a set's own settings and never decides its content. */
export interface DatasetIo {
	/** Where rendered data are kept; null keeps nothing. */
	readonly cacheFolder: string | null;
	/** Where imported sets lie whose folder is not named. */
	readonly datasetFolder?: string | undefined;
	readonly signal?: AbortSignal | undefined;
}

export interface DatasetSource<Params extends z.ZodType = z.ZodType> {
	readonly description: string;
	readonly source: string;
	readonly params: Params;
	readonly example: z.input<Params>;
	/** Classes of every set it makes; null where they are known only once a set is opened. */
	readonly classes: readonly string[] | null;
	/** Makes or opens the set; the same parameters give the same hash. */
	load(params: z.output<Params>, io: DatasetIo): AsyncGenerator<ProgressEvent, Dataset>;
}
