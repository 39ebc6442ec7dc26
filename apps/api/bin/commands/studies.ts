/** `mithridate studies`: start a defined one, watch it, see what it found. */
import type { Client, RunFilter, Study } from "@mithridate/client";
import { Command, Option } from "commander";
import { RunNotSucceeded } from "../exit.ts";
import { type Column, minute, printQueued, printRows, writeExport } from "../output.ts";
import { clientOf } from "../server.ts";
import { resultsText } from "./study-results.ts";
import { settingOf, withSetting } from "./study-setting.ts";
import { watchStudy } from "./watch-study.ts";

const countsText = ({ counts }: Study) =>
	counts.map(({ status, count }) => `${count} ${status.toLowerCase()}`).join(", ");

const columns: readonly Column<Study>[] = [
	["slug", ({ slug }) => slug],
	["name", ({ name }) => name],
	["runs", countsText],
	["created", ({ createdAt }) => minute(createdAt)],
];

export function studies(): Command {
	const command = new Command("studies").description("studies: grids of runs that answer a question");
	command
		.command("list", { isDefault: true })
		.description("list studies, newest first")
		.action((options) => printRows(clientOf(options).studies(), { json: options.json, columns }));
	command
		.command("definitions")
		.description("list the studies that can be started by name")
		.action(async (options) => {
			await printRows(await clientOf(options).studyDefinitions(), {
				json: options.json,
				columns: [
					["name", ({ name }) => name],
					["source", ({ source }) => source],
					["title", ({ title }) => title],
					["runs", ({ estimate }) => estimate.runCount],
				],
			});
		});
	withSetting(command.command("run"))
		.description("queue every run of a defined study and show it until it ends")
		.argument("<name>", "a name of studies definitions")
		.option("--name <text>", "what people read; its title where it is left out")
		.option("--tag <tag...>", "tags")
		.option("--priority <number>", "the higher, the sooner; from -1000 to 1000", Number)
		.option("--key <text>", "idempotency key: the same call again with it starts nothing new")
		.option("--no-watch", "do not wait for its end")
		.action(async (definition, options) => {
			const client = clientOf(options);
			const study = await client.startStudy(definition, settingOf(options), {
				...(options.name && { name: options.name }),
				...(options.tag && { tags: options.tag }),
				...(options.priority !== undefined && { priority: options.priority }),
				...(options.key && { idempotencyKey: options.key }),
			});
			if (!options.watch) return printRows([study], { columns, json: options.json });
			if (!options.json) process.stderr.write(`Study ${study.slug}: ${countsText(study)}\n`);
			await report(client, study, options);
		});
	command
		.command("watch")
		.description("show a study until it ends; exit code 3 unless all of its runs succeed")
		.argument("<slug>", "slug of the study")
		.option("--after <cursor>", "only events after this cursor")
		.action(async (slug, options) => {
			const client = clientOf(options);
			await report(client, await client.study(slug), options);
		});
	command
		.command("show")
		.description("print figures and verdicts, from what was measured so far")
		.argument("<slug>", "slug of the study")
		.addOption(new Option("--as <who>", "whose view").choices(["attacker", "defender"]).default("attacker"))
		.action(async (slug, options) => {
			const client = clientOf(options);
			const perspective = options.as === "attacker" ? "ATTACKER" : "DEFENDER";
			await show(client, await client.study(slug), { ...options, perspective });
		});
	command
		.command("retry")
		.description("queue what a study lacks of its plan, and its runs that failed, were stopped or set aside")
		.argument("<slug>", "slug of the study")
		.action(async (slug, options) => {
			const client = clientOf(options);
			const { id } = await client.study(slug);
			const ended = { studyId: id, status: ["FAILED", "CANCELLED", "QUARANTINED"] } satisfies RunFilter;
			const count = (await client.retry(ended)) + (await client.startMissingRuns(id));
			printQueued(count, options);
		});
	command
		.command("export")
		.description("write raw points and results of all runs of a study")
		.argument("<slug>", "slug of the study")
		.addOption(new Option("--format <format>", "format").choices(["json", "csv"]).default("json"))
		.option("--out <file>", "file to write (default: standard output)")
		.action(async (slug, options) => {
			const client = clientOf(options);
			const study = await client.study(slug);
			await writeExport(await client.exportStudy(study.id, options.format), options);
		});
	return command;
}

/** Shows a study to its end, then what it found. Throws `RunNotSucceeded`. */
async function report(client: Client, study: Study, options: { json?: boolean; after?: string }): Promise<void> {
	const ended = await watchStudy(client, study, options);
	await show(client, ended, { ...options, perspective: "ATTACKER" });
	if (ended.counts.every(({ status, count }) => status === "SUCCEEDED" || count === 0)) return;
	throw new RunNotSucceeded(
		`Not all runs of ${ended.slug} succeeded: ${countsText(ended)}. mithridate studies retry ${ended.slug} queues them again.`,
	);
}

async function show(
	client: Client,
	{ id }: Study,
	{ json, perspective }: { json?: boolean; perspective: "ATTACKER" | "DEFENDER" },
): Promise<void> {
	const results = await client.studyResults(id, { perspective });
	process.stdout.write(`${json ? JSON.stringify(results) : resultsText(results)}\n`);
}
