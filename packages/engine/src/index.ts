/** The engine's public face. */
export { openCheckpoints, shippedCheckpoint } from "./checkpoints.ts";
export * from "./config.ts";
export { learnVocabulary } from "./data/bpe-learn.ts";
export { type EmojiPascalBaseOptions, emojiPascalBase, resizeStore } from "./data/index.ts";
export { createTokenizer } from "./data/tokenizer.ts";
export { MithridateError } from "./errors.ts";
export type * from "./events.ts";
export { type ExperimentIo, runExperiment } from "./experiment.ts";
export { saveCheckpoint } from "./model/checkpoint.ts";
export { CLIP_MEAN, CLIP_STD, type ClipModel } from "./model/clip.ts";
export type { ClipConfig } from "./model/config.ts";
export { fingerprint } from "./model/fingerprint.ts";
export { initialiseOpenai } from "./model/initialise.ts";
export { Random } from "./random.ts";
export { openRuntime } from "./runtime/index.ts";
export { directoryStages, memoryStages, type StageStore } from "./stages.ts";
export { loadTrainState, saveTrainState, TrainingAborted, TrainOptions, train } from "./train.ts";
export type * from "./types.ts";
