/** The contract of a preset: a published experiment's settings, each place where its paper and its code disagree a named switch. */
import type { z } from "zod";

/** One place where paper and code disagree. */
export interface Switch {
	/** Where it stands in the configuration. */
	readonly setting: string;
	readonly paper: string;
	readonly code: string;
}

export interface Preset<Params extends z.ZodType = z.ZodType> {
	readonly description: string;
	readonly source: string;
	readonly params: Params;
	readonly example: z.input<Params>;
	readonly switches: readonly Switch[];
	/** What the switches cannot express: where an experiment made here still differs. */
	readonly caveats: readonly string[];
	/** A configuration without its data set and checkpoints, which lie on the user's disk. */
	build(params: z.output<Params>): Readonly<Record<string, unknown>>;
}
