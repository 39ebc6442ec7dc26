/** The defenses: one re-export line each. */
export { cure } from "./cure.ts";
export { filter } from "./filter.ts";
