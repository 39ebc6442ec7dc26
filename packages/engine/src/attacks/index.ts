/** The attacks: one re-export line each. */
export { adaptiveLabel } from "./adaptive-label.ts";
export { multiLabel } from "./multi-label.ts";
export { navigated } from "./navigated.ts";
export { patchBackdoor } from "./patch-backdoor.ts";
export { singleImage } from "./single-image.ts";
export { singleLabel } from "./single-label.ts";
