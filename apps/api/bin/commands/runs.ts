/** `mithridate runs`: start, list, watch, cancel, retry and export. */
import type { Client, Run } from "@mithridate/client";
import { Command, Option } from "commander";
import { RunNotSucceeded, UsageError } from "../exit.ts";
import { type Column, digits, minute, printQueued, printRows, writeExport } from "../output.ts";
import { clientOf } from "../server.ts";
import { configOf } from "./run-config.ts";
import { watchRun } from "./watch-run.ts";

const statuses = ["QUEUED", "RUNNING", "PAUSED", "SUCCEEDED", "FAILED", "CANCELLED", "QUARANTINED"] as const;

const columns: readonly Column<Run>[] = [
	["run", ({ number }) => number],
	["name", ({ name }) => name],
	["status", ({ status }) => status.toLowerCase()],
	["seed", ({ seed }) => seed],
	["poisoned Hit@10", ({ outcomes }) => digits(outcomes.find(({ model }) => model === "poisoned")?.hitAt10)],
	["started", ({ startedAt }) => minute(startedAt)],
];

const numbers = (given: readonly string[]) =>
	given.map((text) => {
		const number = Number(text);
		if (!Number.isInteger(number) || number < 1)
			throw new UsageError(`"${text}" is no run number. Give numbers as in: mithridate runs list`);
		return number;
	});

const find = (client: Client, given: readonly string[]) =>
	Promise.all(numbers(given).map((number) => client.run(number)));

export function runs(): Command {
	const command = new Command("runs").description("runs: one configuration and one seed each");
	command
		.command("start")
		.description("queue a run; what is left out has the engine's defaults")
		.option("--config <file>", "an ExperimentInput as JSON; the other options win over it")
		.option("--attack <name>", "single-image, single-label or multi-label")
		.option("--goal <A2B>", "captions of class A shall retrieve images of class B; several with commas")
		.option("--poison-rate <share>", "poisoned share of all training pairs")
		.option("--seed <number>", "seed")
		.option("--name <text>", "name of the run")
		.option("--tag <tag...>", "tags")
		.option("--key <text>", "idempotency key: the same call again with it starts nothing new")
		.option("--watch", "show the run until it ends")
		.action(async (options) => {
			const client = clientOf(options);
			const run = await client.start({
				config: configOf(options),
				...(options.name && { name: options.name }),
				...(options.tag && { tags: options.tag }),
				...(options.key && { idempotencyKey: options.key }),
			});
			if (!options.watch) return printRows([run], { columns, json: options.json });
			return report(client, run, options);
		});
	command
		.command("list", { isDefault: true })
		.description("list runs, newest first")
		.addOption(new Option("--status <status...>", "only these").choices(statuses.map((status) => status.toLowerCase())))
		.option("--text <text>", "only runs whose name or note has this")
		.option("--limit <count>", "at most so many", Number, 50)
		.action(async (options) => {
			const status = options.status?.map((one: string) => one.toUpperCase());
			const filter = { ...(status && { status }), ...(options.text && { text: options.text }) };
			await printRows(clientOf(options).runs(filter), { columns, json: options.json, limit: options.limit });
		});
	command
		.command("watch")
		.description("show a run until it ends; exit code 3 unless it succeeds")
		.argument("<number>", "number of the run")
		.option("--after <cursor>", "only events after this cursor")
		.action(async (number, options) => {
			const client = clientOf(options);
			const [run] = await find(client, [number]);
			await report(client, run!, options);
		});
	command
		.command("cancel")
		.description("stop runs")
		.argument("<numbers...>", "numbers of the runs")
		.action(async (given, options) => {
			const client = clientOf(options);
			const found = await find(client, given);
			const count = await client.cancel(...found.map(({ id }) => id));
			process.stdout.write(
				options.json ? `${JSON.stringify({ cancelled: count })}\n` : `${count} stopped or stopping\n`,
			);
		});
	command
		.command("retry")
		.description("queue runs again that failed, were stopped or set aside")
		.argument("<numbers...>", "numbers of the runs")
		.action(async (given, options) => {
			const client = clientOf(options);
			const found = await find(client, given);
			const count = await client.retry(found.map(({ id }) => id));
			printQueued(count, options);
		});
	command
		.command("export")
		.description("write a run's raw points and results")
		.argument("<number>", "number of the run")
		.addOption(new Option("--format <format>", "format").choices(["json", "csv"]).default("json"))
		.option("--out <file>", "file to write (default: standard output)")
		.action(async (number, options) => {
			const client = clientOf(options);
			const [run] = await find(client, [number]);
			await writeExport(await client.export(run!.id, options.format), options);
		});
	return command;
}

/** Shows a run to its end, then its table. Throws `RunNotSucceeded`. */
async function report(client: Client, run: Run, options: { json?: boolean; after?: string }): Promise<void> {
	const ended = await watchRun(client, run, options);
	if (ended.status === "SUCCEEDED") return;
	throw new RunNotSucceeded(
		`Run ${run.number} ended as ${ended.status.toLowerCase()}${ended.error ? `: ${ended.error.message}` : ""}.`,
	);
}
