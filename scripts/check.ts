/** The types of everything: what runs in Node, and what runs in browsers. */
import { passes, types } from "./steps.ts";

const results = types.map(passes);
process.exitCode = results.every(Boolean) ? 0 : 1;
