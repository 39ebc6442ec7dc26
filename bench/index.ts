/** All benchmarks, each in a process of its own so that memory is its own: `npm run -s bench -- --json`, one line per figure. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

for (const file of ["runtime.ts", "ranking.ts", "import.ts"]) {
	const { status } = spawnSync(process.execPath, [join(import.meta.dirname, file)], { stdio: "inherit" });
	if (status !== 0) process.exitCode = 1;
}
