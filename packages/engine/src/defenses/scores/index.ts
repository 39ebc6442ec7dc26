/** The scores of a filter: one re-export line each. */
export { dao } from "./dao.ts";
export { kDistance } from "./k-distance.ts";
export { pairDistance } from "./pair-distance.ts";
export { slof } from "./slof.ts";
