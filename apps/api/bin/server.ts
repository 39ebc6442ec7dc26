/** Which server a command talks to: by options, by environment, else the one on this computer. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Client, connect } from "@mithridate/client";
import type { Command } from "commander";

export const repository = resolve(import.meta.dirname, "../../..");
/** Where a local install keeps its data. */
export const dataFolder = resolve(process.env.MITHRIDATE_DATA ?? join(repository, "data"));

interface ServerOptions {
	readonly url?: string;
	readonly token?: string;
	readonly json?: boolean;
}

/** Gives a command and all below it the options that say where the server is and how to print. */
export function withServer(command: Command): Command {
	for (const below of command.commands)
		below
			.option("--url <address>", "the server (default: MITHRIDATE_URL, else the one on this computer)")
			.option("--token <token>", "its token (default: MITHRIDATE_TOKEN, else this computer's own)")
			.option("--json", "print JSON, one object a line, and nothing else");
	return command;
}

/** The token of the local install, which only its owner can read; undefined where there is none. */
function localToken(): string | undefined {
	try {
		return readFileSync(join(dataFolder, "token"), "utf8").trim();
	} catch {
		return undefined;
	}
}

export function clientOf(options: ServerOptions): Client {
	const port = process.env.MITHRIDATE_PORT ?? "4000";
	const url = options.url ?? process.env.MITHRIDATE_URL ?? `http://127.0.0.1:${port}`;
	return connect({ url, token: options.token ?? process.env.MITHRIDATE_TOKEN ?? localToken() });
}
