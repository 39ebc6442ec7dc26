/** `mithridate studies`: what is being asked, and how far the answers are. */
import { Command } from "commander";
import { minute, printRows } from "../output.ts";
import { clientOf } from "../server.ts";

export function studies(): Command {
	const command = new Command("studies").description("studies: grids of runs that answer a question");
	command
		.command("list", { isDefault: true })
		.description("list studies, newest first")
		.action(async (options) => {
			await printRows(clientOf(options).studies(), {
				json: options.json,
				columns: [
					["slug", ({ slug }) => slug],
					["name", ({ name }) => name],
					["runs", ({ counts }) => counts.map(({ status, count }) => `${count} ${status.toLowerCase()}`).join(", ")],
					["created", ({ createdAt }) => minute(createdAt)],
				],
			});
		});
	return command;
}
