/** Looks at data set and checkpoints of a configuration: their hashes are part of what a job's numbers follow from. */
import { type ExperimentConfig, fingerprint, loadDataset, openCheckpoints } from "@mithridate/engine";
import type { Identity } from "./jobs.ts";

/** Each data set is made or opened once, each pair of checkpoints read once. */
export function createIdentify(io: Parameters<typeof loadDataset>[1]): (config: ExperimentConfig) => Promise<Identity> {
	const datasets = new Map<string, Promise<string>>();
	const checkpoints = new Map<string, Promise<Omit<Identity, "dataset">>>();
	return async ({ dataset, checkpoints: folders }) => ({
		dataset: await once(datasets, dataset, () => hashOf(dataset, io)),
		...(await once(checkpoints, folders, async () => {
			const { start, reference } = await openCheckpoints(folders);
			return { start: fingerprint(start), reference: fingerprint(reference) };
		})),
	});
}

function once<Value>(known: Map<string, Promise<Value>>, of: unknown, make: () => Promise<Value>): Promise<Value> {
	const key = JSON.stringify(of);
	const value = known.get(key) ?? make();
	known.set(key, value);
	return value;
}

async function hashOf(dataset: ExperimentConfig["dataset"], io: Parameters<typeof loadDataset>[1]): Promise<string> {
	const loading = loadDataset(dataset, io);
	for (;;) {
		const { done, value } = await loading.next();
		if (done) return value.hash;
	}
}
