/** What a run's page knows, as a pure reduction of the first answer and of every batch of the feed since. */
import type { RunStatus } from "../ui/status.tsx";
import type { RunEvent, RunEventBatch } from "./run-events.ts";
import { append, emptySeries, fromServer, type Series, type ServerSeries } from "./series.ts";

export interface LogLine {
	readonly at: string;
	readonly level: "INFO" | "WARN" | "ERROR";
	readonly message: string;
}

export interface SystemSample {
	readonly at: string;
	readonly cpuShare: number;
	readonly residentBytes: number;
}

export interface Progress {
	readonly stage: string;
	readonly done: number;
	readonly total: number;
	readonly secondsLeft: number | null;
}

export interface SavedCheckpoint {
	readonly at: string;
	readonly stage: string;
	readonly step: number;
	readonly modelId: string | null;
}

export interface RunState {
	/** Where to subscribe from: everything before it is applied. */
	readonly cursor: string;
	readonly throughSeq: number;
	/** Events applied since the page was opened. */
	readonly applied: number;
	/** Rises when something happened that other queries of the page show: they are then asked again. */
	readonly milestones: number;
	readonly series: ReadonlyMap<string, Series>;
	/** Null until the feed says something newer than the page's own query. */
	readonly status: RunStatus | null;
	readonly progress: Progress | null;
	/** Only what the feed has said; what was before comes with the queries of the tabs. */
	readonly logs: readonly LogLine[];
	readonly samples: readonly SystemSample[];
	readonly checkpoints: readonly SavedCheckpoint[];
}

export interface FirstAnswer {
	readonly resumeCursor: string;
	readonly throughSeq: number;
	readonly metrics: readonly ServerSeries[];
}

export function startRunState({ resumeCursor, throughSeq, metrics }: FirstAnswer): RunState {
	return {
		cursor: resumeCursor,
		throughSeq,
		applied: 0,
		milestones: 0,
		series: new Map(metrics.map((series) => [series.key, fromServer(series)])),
		status: null,
		progress: null,
		logs: [],
		samples: [],
		checkpoints: [],
	};
}

/** Lines and samples kept for display; the tabs page through the rest. */
const kept = 5000;

const added = <Item>(list: readonly Item[], item: Item): readonly Item[] => [...list.slice(-(kept - 1)), item];

/** Applies what is no metric point. */
function applyOne(state: RunState, event: RunEvent): RunState {
	switch (event.__typename) {
		case "RunStatusChanged":
			return { ...state, status: event.status, milestones: state.milestones + 1 };
		case "ProgressReported":
			return { ...state, progress: event };
		case "LogWritten":
			return { ...state, logs: added(state.logs, event) };
		case "SystemSampled":
			return { ...state, samples: added(state.samples, event) };
		case "CheckpointSaved":
			return { ...state, checkpoints: added(state.checkpoints, event), milestones: state.milestones + 1 };
		default:
			return { ...state, milestones: state.milestones + 1 };
	}
}

/**
 * The state after a batch. Events that are already in are left out by their sequence number, so a batch that arrives
 * twice changes nothing; the cursor moves only with the batch it belongs to.
 */
export function applyBatch(state: RunState, batch: RunEventBatch): RunState {
	let next = state;
	let series: Map<string, Series> | undefined;
	let { throughSeq, applied } = state;
	for (const event of batch.events) {
		if (event.seq <= throughSeq) continue;
		throughSeq = event.seq;
		applied += 1;
		if (event.__typename !== "MetricPointsRecorded") {
			next = applyOne(next, event);
			continue;
		}
		series ??= new Map(state.series);
		for (const { key, value, nonFinite } of event.points) {
			const before = series.get(key) ?? emptySeries(key);
			series.set(key, append(before, { step: event.step, value, nonFinite, seq: event.seq }));
		}
	}
	return { ...next, cursor: batch.cursor, throughSeq, applied, series: series ?? next.series };
}
