/** What the client asks of an event, wherever it comes from. */
import { graphql } from "./document.ts";

/** `__typename` says which event it is. */
export const eventFields = graphql(`
	fragment EventFields on RunEvent {
		__typename
		... on MetricPointsRecorded { seq at attempt stage step points { key value nonFinite } }
		... on RunStatusChanged { seq at attempt status reason }
		... on StageStarted { seq at attempt stage reused }
		... on AttackCompleted { seq at attempt poisoned samples poisonShare goals { from to } }
		... on EvaluationCompleted {
			# Null after training; another name than a metric's step, which is never null.
			seq at attempt evaluatedStep: step
			outcome { model hitAt1 hitAt5 hitAt10 minRank textRetrievalAt10 imageRetrievalAt10 seconds }
		}
		... on DefenseReported { seq at attempt defense auroc kept poisonLeft }
		... on CheckpointSaved { seq at attempt stage step }
		... on SystemSampled { seq at attempt cpuShare residentBytes }
		... on LogWritten { seq at attempt level message }
		... on ProgressReported { seq at attempt stage done total secondsLeft }
	}
`);
