/** `mithridate serve`, `worker` and `doctor`: the platform's own programs, each in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Command } from "commander";
import { repository } from "../server.ts";

const list: readonly { name: string; description: string; args: readonly string[] }[] = [
	{
		name: "serve",
		description: "serve the API and the dashboard (options: mithridate serve -- --help)",
		args: ["--import", "./apps/api/decorators.ts", "apps/api/src/main.ts"],
	},
	{ name: "worker", description: "do queued runs", args: ["apps/api/src/worker/main.ts"] },
	{
		name: "doctor",
		description: "find missing and damaged artifacts, gaps and orphans",
		args: ["apps/api/bin/doctor.ts"],
	},
];

export function programs(): Command[] {
	return list.map(({ name, description, args }) =>
		new Command(name)
			.description(description)
			.allowUnknownOption()
			.allowExcessArguments()
			.helpOption(false)
			.action(async (_, { args: rest }: Command) => {
				process.exitCode = await run([...args, ...rest]);
			}),
	);
}

/** Runs one of the repository's programs here; its exit code. Signals of the terminal reach it by themselves. */
async function run(args: readonly string[]): Promise<number> {
	const child = spawn(process.execPath, args, { cwd: join(repository), stdio: "inherit" });
	const pass = (signal: NodeJS.Signals) => child.kill(signal);
	process.on("SIGTERM", pass);
	process.on("SIGINT", () => {
		if (!process.stdin.isTTY) child.kill("SIGINT");
	});
	const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
	return code ?? (signal === "SIGINT" ? 130 : 1);
}
