/** What the invented API answers: the part of the schema that pages ask for. */
import { setTimeout as wait } from "node:timers/promises";
import { catalog, defaults } from "./catalog.ts";
import { embeddingMap } from "./embedding.ts";
import { definition } from "./paper.ts";
import { dataset, eventsAfter, image, liveRun, type MockRun, page, runs, total } from "./runs.ts";
import { groupsOf, studies } from "./studies.ts";

interface Filter {
	status?: string[];
	attack?: string[];
	text?: string;
	studyId?: string;
	groupHash?: string;
}

function select(filter: Filter | undefined): readonly MockRun[] {
	return runs
		.filter(
			(run) =>
				(!filter?.status?.length || filter.status.includes(run.status)) &&
				(!filter?.text || `${run.number} ${run.name}`.includes(filter.text)) &&
				(!filter?.groupHash || filter.groupHash === run.groupHash) &&
				(!filter?.attack?.length ||
					filter.attack.some((name) => run.config.attack.__typename.toLowerCase().startsWith(name.toLowerCase()))),
		)
		.toReversed();
}

/** A page of a list; cursors are indices. */
function connection<Item>(list: readonly Item[], { first = 50, after }: { first?: number; after?: string }) {
	const start = after ? Number(after) + 1 : 0;
	const nodes = list.slice(start, start + first);
	return {
		...page(nodes),
		totalCount: list.length,
		pageInfo: {
			hasNextPage: start + first < list.length,
			hasPreviousPage: start > 0,
			startCursor: String(start),
			endCursor: String(start + nodes.length - 1),
		},
	};
}

type Paging = { filter?: Filter; first?: number; after?: string };
const done = () => ({ clientMutationId: null, count: 1, runs: runs.slice(-1), run: runs.at(-1), errors: [] });

export const resolvers = {
	serverInfo: {
		version: "0.1.0",
		schemaSha256: "0".repeat(64),
		profile: "LOCAL",
		features: [],
		database: "embedded",
		startedAt: new Date().toISOString(),
	},
	viewer: { name: "local", role: "ADMIN", scopes: [], viewerCanStart: true, viewerCanAdminister: true },
	catalog,
	runs: ({ filter, ...paging }: Paging) => connection(select(filter), paging),
	run: ({ number }: { number: number }) => runs.find((run) => run.number === number) ?? null,
	runGroups: ({ filter, ...paging }: Paging) => connection(groupsOf(select(filter)), paging),
	studies: (paging: Paging) => connection(studies, paging),
	study: ({ slug }: { slug: string }) => studies.find((study) => study.slug === slug) ?? null,
	datasets: (paging: Paging) => connection([dataset], paging),
	dataset: () => dataset,
	datasetImports: (paging: Paging) => connection([], paging),
	models: (paging: Paging) => connection([], paging),
	tokens: (paging: Paging) => connection([], paging),
	workers: () => [
		{
			id: "worker-1",
			name: "worker-1",
			host: "laptop",
			pid: 4242,
			startedAt: new Date().toISOString(),
			heartbeatAt: new Date().toISOString(),
			isAlive: true,
			threads: 2,
			version: "0.1.0",
			import: null,
			run: runs.find(({ number }) => number === liveRun),
		},
	],
	queue: () => ({ depth: 3, running: 1, oldestQueuedAt: runs[56]!.createdAt }),
	estimateRun: () => ({ seconds: 135, basis: "The last 3 runs on this machine.", steps: total, advice: [] }),
	previewAttack: ({ first }: { first?: number }) => ({
		poisoned: 5,
		samples: 500,
		poisonShare: 0.01,
		goals: [{ from: "sheep", to: "aeroplane", targets: ["test-3"] }],
		pairs: Array.from({ length: Math.min(first ?? 24, 12) }, (_, index) => ({
			sample: `train-${index}`,
			kind: "REPLACE_IMAGE",
			class: "sheep",
			captions: ["A sheep on a hill."],
			before: image(16, index),
			after: image(0, index * 5),
		})),
		examples: [],
	}),
	configDiff: () => [],
	retrieve: () => [],
	embeddingMap,
	studyDefinitions: [definition],
	studyDefinition: () => definition,
	startDefinedStudy: () => ({ study: studies[1], replayed: false, axes: [], cells: [], runCount: 12, errors: [] }),
	startRun: ({ input }: { input: { name?: string; config?: { training?: { epochs?: number } } } }) =>
		(input.config?.training?.epochs ?? defaults.training.epochs) > 100
			? {
					run: null,
					replayed: false,
					errors: [
						{
							__typename: "ValidationError",
							code: "VALIDATION",
							message: "epochs is 500; at most 100. Give a smaller number.",
							path: ["config", "training", "epochs"],
						},
					],
				}
			: { run: runs.at(-1), replayed: false, errors: [] },
	cancelRuns: done,
	pauseRuns: done,
	resumeRuns: done,
	retryRuns: done,
	archiveRuns: done,
	annotateRun: done,
	async *runEvents({ runId, after }: { runId: string; after?: string }) {
		const number = Number(runId.split("-")[1]);
		let seq = Number(after?.slice(1) ?? 0);
		for (let first = true; ; first = false) {
			const events = eventsAfter(number, seq);
			seq += events.length;
			if (events.length > 0 || first) yield { runEvents: { cursor: `c${seq}`, isReplay: first, events } };
			if (number !== liveRun || seq >= total) return;
			await wait(250);
		}
	},
};
