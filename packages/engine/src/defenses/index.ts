/** The defenses: one re-export line each. */
export { cleanClip } from "./clean-clip.ts";
export { cure } from "./cure.ts";
export { filter } from "./filter.ts";
