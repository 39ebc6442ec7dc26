/** Turns stored events into what GraphQL shows of them. */
import type { Event, EventBodies, JsonNumber } from "@mithridate/db";
import { encodeId } from "../node/ids.ts";
import type { RunStatus } from "../runs/run.enums.ts";
import {
	AttackCompleted,
	CheckpointSaved,
	DefenseReported,
	EvaluationCompleted,
	LogWritten,
	type MetricPoint,
	MetricPointsRecorded,
	ProgressReported,
	type RunEvent,
	RunStatusChanged,
	StageStarted,
	SystemSampled,
} from "./run-event.type.ts";

const nonFinite = { NaN: "NAN", Infinity: "POSITIVE_INFINITY", "-Infinity": "NEGATIVE_INFINITY" } as const;

function showPoint({ key, value }: { key: string; value: JsonNumber }): MetricPoint {
	return typeof value === "number"
		? { key, value, nonFinite: null }
		: { key, value: null, nonFinite: nonFinite[value] };
}

/** The points of an event whose keys are wanted; all of them without a list. */
function pointsOf(body: EventBodies["metric-points"], keys: ReadonlySet<string> | null): MetricPoint[] {
	return body.points.filter(({ key }) => keys === null || keys.has(key)).map(showPoint);
}

/** What is made of each kind's body. */
const show: { [Kind in Event["kind"]]: (body: EventBodies[Kind], keys: ReadonlySet<string> | null) => object } = {
	"metric-points": (body, keys) => Object.assign(new MetricPointsRecorded(), { ...body, points: pointsOf(body, keys) }),
	status: ({ status, reason }) => Object.assign(new RunStatusChanged(), { status: status as RunStatus, reason }),
	stage: ({ stage, reused }) => Object.assign(new StageStarted(), { stage, reused }),
	attack: (body) => Object.assign(new AttackCompleted(), body),
	evaluation: ({ evaluationId, model, step, outcome }) =>
		Object.assign(new EvaluationCompleted(), {
			evaluationId: encodeId("Evaluation", evaluationId),
			step,
			outcome: { model, ...outcome },
		}),
	"defense-report": ({ reportId, ...body }) =>
		Object.assign(new DefenseReported(), { ...body, reportId: encodeId("DefenseReport", reportId) }),
	checkpoint: ({ checkpointId, stage, kind, step }) =>
		Object.assign(new CheckpointSaved(), {
			stage,
			step,
			modelId: kind === "model" ? encodeId("Model", checkpointId) : null,
		}),
	"system-sample": (body) => Object.assign(new SystemSampled(), body),
	log: (body) => Object.assign(new LogWritten(), body),
	progress: (body) => Object.assign(new ProgressReported(), body),
};

/** An event as it is shown; of metric points only those of `keys`, where given. */
export function showEvent({ kind, body, seq, createdAt, epoch }: Event, keys: ReadonlySet<string> | null): RunEvent {
	const shown = (show[kind] as (body: unknown, keys: ReadonlySet<string> | null) => object)(body, keys);
	return Object.assign(shown, { seq, at: createdAt, attempt: epoch }) as RunEvent;
}

/** Whether an event is wanted: by its kind, and of metric points by the keys of its points. */
export function isWanted(event: Event, kinds: ReadonlySet<string> | null, keys: ReadonlySet<string> | null): boolean {
	if (kinds !== null && !kinds.has(event.kind)) return false;
	if (keys === null || event.kind !== "metric-points") return true;
	return (event.body as EventBodies["metric-points"]).points.some(({ key }) => keys.has(key));
}
