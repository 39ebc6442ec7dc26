/** The defenses: one re-export line each. */
export { cleanClip } from "./clean-clip.ts";
export { cure } from "./cure.ts";
export { filter } from "./filter.ts";
export { roClip } from "./ro-clip.ts";
export { safeClip } from "./safe-clip.ts";
