/** All that CI runs: types, lint, then every test. The last line is the sum of them, `N passed, N failed`. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lint, passes, types } from "./steps.ts";

const report = join(import.meta.dirname, "..", ".cache", "vitest.json");

/** The part of vitest's JSON report that is counted here. */
interface Report {
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	testResults: { status: string; assertionResults: unknown[] }[];
}

function readReport(): Report | undefined {
	try {
		return JSON.parse(readFileSync(report, "utf8"));
	} catch {
		return undefined;
	}
}

const filters = process.argv.slice(2);
// Somebody who names a test file wants that file alone.
const steps = filters.length === 0 ? [...types, ...lint].map(passes) : [];

mkdirSync(join(report, ".."), { recursive: true });
rmSync(report, { force: true });
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json"];
const testsPass = passes({ name: "tests", args: [...vitest, `--outputFile.json=${report}`, ...filters] });
const counted = readReport();

const passed = steps.filter(Boolean).length + (counted?.numPassedTests ?? 0);
let failed = steps.length - steps.filter(Boolean).length + (counted?.numFailedTests ?? 0);
// A file that could not be loaded holds no tests, and yet it failed.
failed +=
	counted?.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length ?? 0;
const ran = (counted?.numPassedTests ?? 0) + (counted?.numFailedTests ?? 0);
if (ran === 0) console.log("No test ran.");
// Whatever else made the runner fail (a leak, a crash, an unhandled error, no tests) is one failure too.
if (failed === 0 && (!testsPass || ran === 0)) failed = 1;
if (counted?.numPendingTests) console.log(`${counted.numPendingTests} skipped`);

process.exitCode = failed > 0 ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);
