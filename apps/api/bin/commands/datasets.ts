/** `mithridate datasets`: data set versions, and imports of new ones. */
import { resolve } from "node:path";
import type { DatasetImport } from "@mithridate/client";
import { Command, Option } from "commander";
import { type Column, minute, printRows } from "../output.ts";
import { clientOf } from "../server.ts";
import { importInput } from "./import-input.ts";
import { watchImport } from "./watch-import.ts";

const importColumns: readonly Column<DatasetImport>[] = [
	["id", ({ id }) => id],
	["importer", ({ importer }) => importer],
	["path", ({ path }) => path],
	["status", ({ status }) => status.toLowerCase()],
	["rows", ({ progress: { done, total } }) => (total === null ? done : `${done} of ${total}`)],
	["left out", ({ faultCount }) => faultCount],
	["hash", ({ versionHash }) => versionHash?.slice(0, 12)],
	["asked for", ({ createdAt }) => minute(createdAt)],
];

const collect = (value: string, before: readonly string[]) => [...before, value];

export function datasets(): Command {
	const command = new Command("datasets").description("data set versions");
	command
		.command("list", { isDefault: true })
		.description("list data set versions, newest first")
		.action(async (options) => {
			await printRows(clientOf(options).datasets(), {
				json: options.json,
				columns: [
					["name", ({ name }) => name],
					["hash", ({ hash }) => hash.slice(0, 12)],
					["classes", ({ classes }) => classes.length],
					["images", ({ counts }) => counts.map(({ split, count }) => `${count} ${split.toLowerCase()}`).join(", ")],
					["created", ({ createdAt }) => minute(createdAt)],
				],
			});
		});
	command
		.command("import")
		.description("have a worker import a data set; the same command goes on where a failed one stopped")
		.argument("<kind>", "its layout, as in pascal-sentences; --help of npm run datasets lists them")
		.argument("<path>", "the set, on the server's machine")
		.option("--set <name=value>", "a setting of the importer; may be given several times", collect, [])
		.option("--size <pixels>", "side of the stored images", Number)
		.addOption(new Option("--fit <how>", "how images are made square").choices(["crop", "stretch"]))
		.addOption(new Option("--resample <how>", "how images are resized").choices(["libvips", "pillow"]))
		.option("--seed <number>", "decides every draw of labels and splits", Number)
		.option("--key <text>", "idempotency key: the same call again with it asks for nothing new")
		.option("--no-watch", "do not wait for its end")
		.action(async (kind, path, options) => {
			const client = clientOf(options);
			const input = await importInput(client, kind, options);
			const asked = await client.importDataset({ ...input, path: resolve(path) });
			if (!options.watch) return printRows([asked], { columns: importColumns, json: options.json });
			await watchImport(client, asked.id, options);
		});
	command
		.command("imports")
		.description("list imports, newest first")
		.action((options) =>
			printRows(clientOf(options).imports(), { columns: importColumns, json: options.json, limit: 100 }),
		);
	command
		.command("watch")
		.description("show an import until it ends; exit code 3 unless it succeeds")
		.argument("<id>", "id of the import")
		.action((id, options) => watchImport(clientOf(options), id, options));
	command
		.command("cancel")
		.description("stop an import, which then leaves nothing behind")
		.argument("<id>", "id of the import")
		.action(async (id, options) => {
			const stopped = await clientOf(options).cancelImport(id);
			await printRows([stopped], { columns: importColumns, json: options.json });
		});
	return command;
}
