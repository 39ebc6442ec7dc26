/** The main job: poison, train, evaluate, defend, evaluate again, and print the table. See `--help`. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { adviceOn, directoryStages, type ExperimentEvent, MithridateError, runExperiment } from "../src/index.ts";
import { type CommandLine, readCommandLine, usage } from "./options.ts";
import { createProgress } from "./progress.ts";
import { resultTable, writeResults } from "./report.ts";
import { STOPPED, stopSignal } from "./stop.ts";

const repository = resolve(import.meta.dirname, "../../..");
/** Makes the output folder and writes the configuration, before any training. */
async function prepareFolder(folder: string, { config, resume }: CommandLine): Promise<void> {
	try {
		await mkdir(folder, { recursive: true });
		if (!resume) await rm(join(folder, "stages"), { recursive: true, force: true });
		await writeFile(join(folder, "config.json"), `${JSON.stringify(config, null, "\t")}\n`);
	} catch (cause) {
		throw new MithridateError(
			"unwritable",
			`Results cannot be written to ${folder}: ${(cause as Error).message}. Choose another folder with --out.`,
			{
				subject: folder,
				cause,
			},
		);
	}
}

async function run(command: CommandLine): Promise<void> {
	const folder = resolve(command.out ?? join(repository, "out/latest"));
	const progress = command.json ? null : createProgress(process.stderr);
	const events: ExperimentEvent[] = [];
	for (const advice of adviceOn(command.config)) process.stderr.write(`Note: ${advice}\n`);
	try {
		const experiment = runExperiment(command.config, {
			stages: directoryStages(join(folder, "stages")),
			cacheFolder: join(repository, ".cache"),
			datasetFolder: join(repository, "data/datasets"),
			now: () => performance.now(),
			peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
			signal: stopSignal(),
		});
		for await (const event of experiment) {
			if (event.type === "experiment-start") await prepareFolder(folder, command);
			if (event.type !== "progress") events.push(event);
			if (command.json) process.stdout.write(`${JSON.stringify(event)}\n`);
			progress?.show(event);
			if (event.type !== "experiment-end") continue;
			await writeResults(folder, event, events);
			progress?.close();
			if (!command.json) process.stdout.write(`${resultTable(event)}\nWritten to ${folder}\n`);
		}
	} catch (error) {
		progress?.close();
		if (error instanceof MithridateError && error.code === "aborted")
			process.stderr.write(`Stopped. Go on with: npm run experiment -- --resume ${folder}\n`);
		throw error;
	}
}

/** 2 for what the caller can mend, 130 for a stop by signal, 1 for anything else. */
function exitCode(error: unknown): number {
	if (!(error instanceof MithridateError)) return 1;
	if (error.code === "aborted") return STOPPED;
	return error.code === "non-finite" || error.code === "unsupported-kernel" ? 1 : 2;
}

try {
	const command = await readCommandLine(process.argv.slice(2));
	if (command === null) process.stdout.write(`${usage}\n`);
	else await run(command);
} catch (error) {
	process.exitCode = exitCode(error);
	if (process.exitCode !== STOPPED)
		process.stderr.write(
			error instanceof MithridateError ? `${error.code}: ${error.message}\n` : `${(error as Error).stack}\n`,
		);
}
