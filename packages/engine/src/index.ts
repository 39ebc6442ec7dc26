/** The engine's public face. */
export { adviceOn } from "./advice.ts";
export * as attacks from "./attacks/index.ts";
export { openCheckpoints, type ShippedCheckpoint, shippedCheckpoint } from "./checkpoints.ts";
export * from "./config.ts";
export { learnVocabulary } from "./data/bpe-learn.ts";
export { imageAt } from "./data/image-at.ts";
export {
	discardImport,
	type ImportEvent,
	ImportOptions,
	type ImportRequest,
	importDataset,
} from "./data/import-dataset.ts";
export * as importers from "./data/importers/index.ts";
export { type EmojiPascalBaseOptions, emojiPascal, emojiPascalBase, resizeStore } from "./data/index.ts";
export { patchPixels, stamp, stampedImages } from "./data/patch.ts";
export * as datasets from "./data/sets/index.ts";
export { createTokenizer } from "./data/tokenizer.ts";
export { listDatasets, openDataset, type StoredVersion } from "./data/versions/open.ts";
export * as defenses from "./defenses/index.ts";
export { type ErrorCode, MithridateError } from "./errors.ts";
export { embedLabelled } from "./evaluate.ts";
export type * from "./events.ts";
export { type ExperimentIo, runExperiment } from "./experiment.ts";
export type * from "./metric-types.ts";
export * as metrics from "./metrics/index.ts";
export { loadCheckpoint, saveCheckpoint } from "./model/checkpoint.ts";
export { CLIP_MEAN, CLIP_STD, type ClipModel } from "./model/clip.ts";
export type { ClipConfig } from "./model/config.ts";
export { createEncoder } from "./model/encoder.ts";
export { fingerprint } from "./model/fingerprint.ts";
export { initialiseOpenai } from "./model/initialise.ts";
export * as presets from "./presets/index.ts";
export { Random } from "./random.ts";
export { openRuntime } from "./runtime/index.ts";
export { directoryStages, type StageRef, type StageStore, stageKey } from "./stages.ts";
export { loadTrainState, saveTrainState, TrainingAborted, TrainOptions, type TrainState, train } from "./train.ts";
export type * from "./types.ts";
