/** `mithridate datasets`: data set versions that runs were made on. */
import { Command } from "commander";
import { minute, printRows } from "../output.ts";
import { clientOf } from "../server.ts";

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
	return command;
}
