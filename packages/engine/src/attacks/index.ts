/** The attacks: one re-export line each. */
export { multiLabel } from "./multi-label.ts";
export { singleImage } from "./single-image.ts";
export { singleLabel } from "./single-label.ts";
