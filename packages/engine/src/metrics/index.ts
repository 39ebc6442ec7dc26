/** The metrics: one re-export line each. */
export { attackSuccess } from "./attack-success.ts";
export { backdoorZScore } from "./backdoor-z-score.ts";
export { classPurity } from "./class-purity.ts";
export { detection } from "./detection.ts";
export { embeddingShift } from "./embedding-shift.ts";
export { hitRate } from "./hit-rate.ts";
export { minRank } from "./min-rank.ts";
export { retrieval } from "./retrieval.ts";
export { classSilhouette } from "./silhouette.ts";
