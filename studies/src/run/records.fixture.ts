/** Records for tests of running. */
import type { Record } from "./record.ts";

export function record(seed: number, model: string, rest: Partial<Record> = {}): Record {
	return { seed, model, defense: null, step: null, steps: null, numbers: { one: seed }, ...rest };
}
