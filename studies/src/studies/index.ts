/** The studies, one re-export line each. */

export { attackOne } from "./attack-one.ts";
export { attackTwo } from "./attack-two.ts";
export { utility } from "./utility.ts";
