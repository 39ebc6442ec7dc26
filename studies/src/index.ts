/** The studies' public face. */
export * from "./contract.ts";
export type * from "./figures/figure.ts";
export { studiesInOrder, studyNamed } from "./in-order.ts";
export { type Interval, interval, tQuantile } from "./interval.ts";
export { studyReport } from "./report/markdown.ts";
export { packRecorded, type Recorded, recorded, unpackRecorded } from "./report/recorded.ts";
export { reproductionReport } from "./report/reproduction.ts";
export { createIdentify } from "./run/identify.ts";
export { observationsOf, type PlacedCell, type Plan, planJobs } from "./run/jobs.ts";
export { openJournal } from "./run/journal.ts";
export { type Lane, runJobs, runUnit, type StudyEvent, type UnitEvent } from "./run/local.ts";
export type { Record } from "./run/record.ts";
export { createTimeLeft, type TimeLeft } from "./run/time-left.ts";
export type { Unit } from "./run/units.ts";
export type { Bound, Evidence, Outcome, Verdict } from "./verdict.ts";
