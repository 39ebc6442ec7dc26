/** Style, import boundaries, unused code, generated files and the lock file: every fault is an error, and all are shown. */
import { lint, passes } from "./steps.ts";

const results = lint.map(passes);
process.exitCode = results.every(Boolean) ? 0 : 1;
