/** The studies: one re-export line each. */
export { attackOne } from "./attack-one.ts";
export { attackThree } from "./attack-three.ts";
export { attackTwo } from "./attack-two.ts";
export { classSeparation } from "./class-separation.ts";
export { cure } from "./cure.ts";
export { embeddingShift } from "./embedding-shift.ts";
export { epochs } from "./epochs.ts";
export { filter } from "./filter.ts";
export { goalPairs } from "./goal-pairs.ts";
export { imageEncoder } from "./image-encoder.ts";
export { modality } from "./modality.ts";
export { poisonRate } from "./poison-rate.ts";
export { trainingSetSize } from "./training-set-size.ts";
export { utility } from "./utility.ts";
