/** Recorded observations: all that a report is made from, in one compressed file. */
import { gunzipSync, gzipSync } from "node:zlib";
import type { Observation, StudySetting } from "../contract.ts";
import { observationsOf, type PlacedCell, type Plan } from "../run/jobs.ts";
import type { Record } from "../run/record.ts";

type RecordedCell = Omit<PlacedCell, "cell"> & { readonly cell: Pick<PlacedCell["cell"], "name" | "coordinates"> };

export interface Recorded {
	readonly setting: StudySetting;
	/** Hashes of data sets and checkpoints, by what they are called. */
	readonly hashes: Readonly<{ [name: string]: string }>;
	readonly cells: readonly RecordedCell[];
	/** Records by the key of their job. */
	readonly records: Readonly<{ [key: string]: readonly Record[] }>;
}

/** What a plan's jobs have found. A cell's configuration stays out: its job's key tells it from others. */
export function recorded(
	plan: Plan,
	setting: StudySetting,
	{
		hashes,
		recordsOf,
	}: { readonly hashes: Recorded["hashes"]; readonly recordsOf: (key: string) => readonly Record[] },
): Recorded {
	return {
		setting,
		hashes,
		cells: plan.cells.map(({ study, cell: { name, coordinates }, seeds, key, defenses }) => ({
			study,
			cell: { name, coordinates },
			seeds,
			key,
			defenses,
		})),
		records: Object.fromEntries(plan.jobs.map(({ key }) => [key, recordsOf(key)])),
	};
}

/** The observations of one study. */
export function recordedObservations({ cells, records }: Recorded, study: string): Observation[] {
	return observationsOf(study, { cells }, (key) => records[key] ?? []);
}

export const packRecorded = (content: Recorded): Buffer => gzipSync(JSON.stringify(content), { level: 9 });

export const unpackRecorded = (bytes: Buffer): Recorded => JSON.parse(gunzipSync(bytes).toString("utf8")) as Recorded;
