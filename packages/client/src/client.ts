/** The client: what a script does with the platform, in one object. */
import { type Connection, type ConnectionOptions, openConnection } from "./connection.ts";
import {
	cancelDatasetImport,
	cancelRuns,
	compareRuns,
	type Dataset,
	type DatasetImport,
	findRun,
	findRunByNumber,
	type ImportDatasetInput,
	type ImportFault,
	importDataset,
	listDatasetImports,
	listDatasets,
	listImportFaults,
	listRuns,
	type Run,
	type RunEvent,
	type RunFilter,
	retryRuns,
	type StartRunInput,
	startRun,
} from "./documents.ts";
import { ApiError, throwModelled } from "./errors.ts";
import { PAGE, pages } from "./pages.ts";
import { type StudyCalls, studyCalls } from "./studies.ts";
import { type WatchOptions, watch, watchImport } from "./watch.ts";

/** A run to start. Without a key of your own, a new one is drawn: the same call again then starts another run. */
export type RunToStart = Omit<StartRunInput, "idempotencyKey" | "config"> &
	Partial<Pick<StartRunInput, "idempotencyKey" | "config">>;

export type DatasetToImport = Omit<ImportDatasetInput, "idempotencyKey"> &
	Partial<Pick<ImportDatasetInput, "idempotencyKey">>;

/** Two to eight runs side by side. */
export interface Comparison {
	readonly runs: readonly Run[];
	/** Settings that are not the same in all of them; `values` is parallel to `runs`. */
	readonly differences: readonly { readonly path: string; readonly values: readonly (string | null)[] }[];
}

export interface Client extends Pick<Connection, "request" | "subscribe">, StudyCalls {
	/** Queues a run of one configuration and one seed; what is left out has the engine's defaults. */
	start(run?: RunToStart): Promise<Run>;
	/** A run by its id or its number. */
	run(which: string | number): Promise<Run>;
	/** Every event of a run, stored and live, over any number of lost connections. */
	watch(runId: string, options?: WatchOptions): AsyncGenerator<RunEvent, void>;
	/** Resolves with the run when it has ended, whether well or not. */
	wait(runId: string, signal?: AbortSignal): Promise<Run>;
	/** Asks runs to stop; says how many will. */
	cancel(...runIds: readonly string[]): Promise<number>;
	/** Queues failed, cancelled and quarantined runs again, by id or all that a filter finds; says how many. */
	retry(which: readonly string[] | RunFilter): Promise<number>;
	compare(...runIds: readonly string[]): Promise<Comparison>;
	/** Raw points and results of a run, as the server streams them. */
	export(runId: string, format?: "json" | "csv"): Promise<ReadableStream<Uint8Array>>;
	runs(filter?: RunFilter): AsyncGenerator<Run, void>;
	datasets(): AsyncGenerator<Dataset, void>;
	/** Asks for a data set to be imported; a worker does it. */
	importDataset(set: DatasetToImport): Promise<DatasetImport>;
	/** An import as it is now and at each change until it has ended, over any number of lost connections. */
	watchImport(importId: string, signal?: AbortSignal): AsyncGenerator<DatasetImport, void>;
	/** Stops an import; it leaves nothing behind. */
	cancelImport(importId: string): Promise<DatasetImport>;
	/** Rows that an import left out. */
	importFaults(importId: string): AsyncGenerator<ImportFault, void>;
	/** All imports, the latest first. */
	imports(): AsyncGenerator<DatasetImport, void>;
}

/** Opens a client of the server at `url`. Nothing is sent before the first call. */
export function connect(options: ConnectionOptions): Client {
	const connection = openConnection(options);
	const { request } = connection;

	async function node(id: string) {
		const { node: found } = await request(findRun, { id });
		if (found?.__typename === "Run" || (found && "number" in found)) return found;
		throw new ApiError("NOT_FOUND", `There is no run ${id}.`);
	}
	const client: Client = {
		request,
		subscribe: connection.subscribe,
		...studyCalls(connection),
		async start({ idempotencyKey = crypto.randomUUID(), config = {}, ...rest } = {}) {
			const { startRun: answer } = await request(startRun, { input: { ...rest, config, idempotencyKey } });
			throwModelled(answer.errors);
			return answer.run as Run;
		},
		async run(which) {
			if (typeof which === "string") return node(which);
			const { run } = await request(findRunByNumber, { number: which });
			if (run) return run;
			throw new ApiError("NOT_FOUND", `There is no run with the number ${which}.`);
		},
		watch: (runId, how) => watch(connection, runId, how),
		async wait(runId, signal) {
			for await (const _ of watch(connection, runId, { signal }));
			return node(runId);
		},
		async cancel(...ids) {
			const { cancelRuns: answer } = await request(cancelRuns, { input: { ids: [...ids] } });
			throwModelled(answer.errors);
			return answer.count;
		},
		async retry(which) {
			const input = Array.isArray(which) ? { ids: [...which] } : { filter: which as RunFilter };
			const { retryRuns: answer } = await request(retryRuns, { input });
			throwModelled(answer.errors);
			return answer.count;
		},
		async compare(...ids) {
			const { nodes, configDiff } = await request(compareRuns, { ids: [...ids] });
			const missing = ids.filter((_, at) => nodes[at] === null);
			if (missing.length > 0) throw new ApiError("NOT_FOUND", `There is no run ${missing.join(", ")}.`);
			return { runs: nodes as Run[], differences: configDiff };
		},
		async export(runId, format = "json") {
			const { exportJson, exportCsv } = await node(runId);
			return connection.download(format === "json" ? exportJson : exportCsv);
		},
		runs: (filter) =>
			pages(async (after) => (await request(listRuns, { first: PAGE, after, ...(filter && { filter }) })).runs),
		async importDataset({ idempotencyKey = crypto.randomUUID(), ...set }) {
			const { importDataset: answer } = await request(importDataset, { input: { ...set, idempotencyKey } });
			throwModelled(answer.errors);
			return answer.import!;
		},
		watchImport: (importId, signal) => watchImport(connection, importId, signal),
		async cancelImport(importId) {
			const { cancelDatasetImport: answer } = await request(cancelDatasetImport, { input: { importId } });
			throwModelled(answer.errors);
			return answer.import!;
		},
		importFaults: (id) =>
			pages(async (after) => {
				const { datasetImport } = await request(listImportFaults, { id, first: PAGE, after });
				if (datasetImport) return datasetImport.faults;
				throw new ApiError("NOT_FOUND", `There is no import ${id}.`);
			}),
		imports: () => pages(async (after) => (await request(listDatasetImports, { first: PAGE, after })).datasetImports),
		datasets: () => pages(async (after) => (await request(listDatasets, { first: PAGE, after })).datasets),
	};
	return client;
}
