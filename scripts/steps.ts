/** The checks that need no test runner, and how one is run. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(import.meta.dirname, "..");

export interface Step {
	readonly name: string;
	/** Node's arguments: a file of this repository or of an installed package, then that program's own. */
	readonly args: readonly string[];
}

const tsc = "node_modules/typescript/bin/tsc";

/** The dashboard runs in browsers, with types of its own. */
export const types: readonly Step[] = [
	{ name: "types", args: [tsc] },
	{ name: "types of the dashboard", args: [tsc, "-p", "apps/web"] },
];

export const lint: readonly Step[] = [
	{
		name: "style",
		args: [fileURLToPath(import.meta.resolve("@biomejs/biome/bin/biome")), "check", "--error-on-warnings"],
	},
	{ name: "boundaries", args: ["scripts/boundaries.ts"] },
	{ name: "unused code", args: ["node_modules/knip/bin/knip.js", "--treat-config-hints-as-errors"] },
	{ name: "generated files", args: ["scripts/generate.ts", "--check"] },
	{ name: "lock file", args: ["scripts/check-lock.ts"] },
];

/** Runs one step in the repository's root with its output shown; says whether it passed. */
export function passes({ name, args }: Step): boolean {
	const started = performance.now();
	const { status, signal } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	console.log(`${status === 0 ? "passed" : "FAILED"}: ${name} (${signal ?? `${seconds} s`})`);
	return status === 0;
}
