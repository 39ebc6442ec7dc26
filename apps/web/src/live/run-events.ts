/** The feed of one run: everything that happens to it, from a cursor on. */
import { graphql, type ResultOf } from "../graphql/document.ts";

export const RunEventsSubscription = graphql(`
	subscription RunEvents($runId: ID!, $after: Cursor) {
		runEvents(runId: $runId, after: $after) {
			cursor
			isReplay
			events {
				__typename
				... on MetricPointsRecorded {
					seq
					stage
					step
					points {
						key
						value
						nonFinite
					}
				}
				... on RunStatusChanged {
					seq
					status
					reason
				}
				... on StageStarted {
					seq
					at
					stage
					reused
				}
				... on AttackCompleted {
					seq
					poisoned
					samples
					poisonShare
				}
				... on EvaluationCompleted {
					seq
					evaluationId
				}
				... on DefenseReported {
					seq
					reportId
				}
				... on CheckpointSaved {
					seq
					at
					stage
					step
					modelId
				}
				... on SystemSampled {
					seq
					at
					cpuShare
					residentBytes
				}
				... on LogWritten {
					seq
					at
					level
					message
				}
				... on ProgressReported {
					seq
					at
					stage
					done
					total
					secondsLeft
				}
			}
		}
	}
`);

export type RunEventBatch = ResultOf<typeof RunEventsSubscription>["runEvents"];
export type RunEvent = RunEventBatch["events"][number];
