/** The contract of a filter's score: how suspicious each sample is under a model. */
import type { z } from "zod";
import type { Encoder, ProgressEvent, Sample } from "../../types.ts";

/** What a score looks at: neither labels nor names. */
export interface ScoreInput {
	readonly encoder: Encoder;
	readonly samples: readonly Sample[];
	/** Name of the work in events. */
	readonly stage: string;
}

/** A score. `params` holds a literal `kind`, by which it is chosen. */
export interface PairScore<Params extends z.ZodObject<{ kind: z.ZodLiteral<string> }>> {
	readonly source: string;
	readonly params: Params;
	/** Whether its values mean the same on every data set, so that a fixed cut makes sense. */
	readonly isAbsolute: boolean;
	/** One number a sample: the higher, the more suspicious. */
	measure(input: ScoreInput, params: z.output<Params>): AsyncGenerator<ProgressEvent, Float64Array>;
}
