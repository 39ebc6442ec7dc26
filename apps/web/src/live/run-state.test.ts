import { describe, expect, it } from "vitest";
import type { RunEvent, RunEventBatch } from "./run-events.ts";
import { applyBatch, startRunState } from "./run-state.ts";

const start = startRunState({ resumeCursor: "c0", throughSeq: 0, metrics: [] });

const point = (seq: number, step: number, value: number | null = step / 10): RunEvent => ({
	__typename: "MetricPointsRecorded",
	seq,
	stage: "poisoned",
	step,
	points: [{ key: "poisoned/loss", value, nonFinite: value === null ? "NAN" : null }],
});

const batch = (...events: RunEvent[]): RunEventBatch => ({
	cursor: `c${events.at(-1)?.seq ?? 0}`,
	isReplay: false,
	events,
});

const steps = (state: typeof start, key = "poisoned/loss") => {
	const series = state.series.get(key);
	return series ? [...series.steps.subarray(0, series.length)] : [];
};

describe("the state of a run", () => {
	it("takes every point once, however often batches overlap", () => {
		let state = start;
		for (let first = 1; first <= 191; first += 5) {
			state = applyBatch(
				state,
				batch(...Array.from({ length: 10 }, (_, index) => point(first + index, first + index))),
			);
		}
		expect(steps(state)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
		expect([state.applied, state.throughSeq, state.cursor]).toEqual([200, 200, "c200"]);
	});

	it("leaves earlier snapshots as they were", () => {
		const before = applyBatch(start, batch(point(1, 1), point(2, 2)));
		const after = applyBatch(before, batch(point(3, 3)));
		expect([steps(before), steps(after)]).toEqual([
			[1, 2],
			[1, 2, 3],
		]);
	});

	it("leaves out points that the first answer already held", () => {
		const state = startRunState({
			resumeCursor: "c3",
			throughSeq: 3,
			metrics: [
				{
					key: "poisoned/loss",
					rawCount: 5,
					method: "RAW",
					steps: [1, 2, 3, 4, 5],
					last: [5, 4, 3, 2, 1],
					min: null,
					max: null,
					nonFinite: [],
					throughSeq: 5,
				},
			],
		});
		const next = applyBatch(state, batch(point(4, 4), point(5, 5), point(6, 6)));
		expect(steps(next)).toEqual([1, 2, 3, 4, 5, 6]);
		expect(next.series.get("poisoned/loss")?.rawCount).toBe(6);
	});

	it("keeps a value that is not finite as a gap with a mark", () => {
		const series = applyBatch(start, batch(point(1, 1), point(2, 2, null))).series.get("poisoned/loss");
		expect(series?.last[1]).toBeNaN();
		expect(series?.nonFinite).toEqual([{ step: 2, kind: "NAN" }]);
	});

	it("ignores steps that a resumed attempt repeats", () => {
		const state = applyBatch(start, batch(point(1, 10), point(2, 20), point(3, 10), point(4, 20), point(5, 30)));
		expect(steps(state)).toEqual([10, 20, 30]);
	});

	it("moves the cursor with an empty batch and changes nothing else", () => {
		const before = applyBatch(start, batch(point(1, 1)));
		const after = applyBatch(before, { cursor: "beat", isReplay: false, events: [] });
		expect(after).toEqual({ ...before, cursor: "beat" });
	});

	it("shows the newest status and progress, and counts what other queries should hear of", () => {
		const state = applyBatch(
			start,
			batch(
				{ __typename: "RunStatusChanged", seq: 1, status: "RUNNING", reason: null },
				{ __typename: "ProgressReported", seq: 2, at: "", stage: "poisoned", done: 3, total: 9, secondsLeft: 6 },
				{ __typename: "LogWritten", seq: 3, at: "", level: "WARN", message: "slow" },
				{ __typename: "DefenseReported", seq: 4, reportId: "r" },
			),
		);
		expect([state.status, state.progress?.done, state.logs.length, state.milestones]).toEqual(["RUNNING", 3, 1, 2]);
	});
});
