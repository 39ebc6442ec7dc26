/** The product as `npm start` starts it, with a data folder of its own on a free port; ended, it leaves nothing behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const repository = resolve(import.meta.dirname, "../../..");

/** Milliseconds after which a program that was asked to end is killed. */
const PATIENCE = 30_000;

export interface Product {
	/** The address without a path. */
	readonly origin: string;
	/** Signs one browser in, once. */
	readonly signInUrl: string;
	readonly dataFolder: string;
	/** Asks the API as the owner of the data folder; errors are thrown. */
	ask<Data>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Data>;
	/** Ends it and takes its data away; what it said on the way. */
	stop(): Promise<string>;
}

export interface ProductOptions {
	/** A PostgreSQL of somebody else's, and no worker: for pages over rows that were written there. */
	readonly databaseUrl?: string;
}

const programs = {
	whole: ["apps/api/bin/start.ts"],
	server: ["--import", "./apps/api/decorators.ts", "apps/api/src/main.ts"],
} as const;

/** Waits for the address that the program prints. */
function addressOf(child: ChildProcess, said: { text: string }): Promise<URL> {
	return new Promise((settle, reject) => {
		const listen = (data: Buffer) => {
			said.text += data.toString();
			const found = /Open (https?:\/\/\S+)\s/.exec(said.text)?.[1];
			if (found) settle(new URL(found));
		};
		child.stdout?.on("data", listen);
		child.stderr?.on("data", listen);
		child.once("exit", (code) => reject(new Error(`It ended with code ${code} before it served:\n${said.text}`)));
	});
}

export async function startProduct({ databaseUrl }: ProductOptions = {}): Promise<Product> {
	const folder = mkdtempSync(join(tmpdir(), "mithridate-product-"));
	const dataFolder = join(folder, "data");
	const cache = join(repository, ".cache");
	mkdirSync(cache, { recursive: true });
	mkdirSync(dataFolder, { mode: 0o700 });
	// What is drawn from the icons once is the same for everybody.
	symlinkSync(cache, join(dataFolder, "cache"));
	const program = databaseUrl === undefined ? programs.whole : programs.server;
	const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...program, "--port", "0"], {
		cwd: repository,
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, MITHRIDATE_DATA: dataFolder, ...(databaseUrl && { DATABASE_URL: databaseUrl }) },
	});
	const said = { text: "" };
	// Should whoever started it end without a word, it must not go on.
	const abandon = () => {
		child.kill("SIGTERM");
		rmSync(folder, { recursive: true, force: true });
	};
	process.once("exit", abandon);
	const stop = async () => {
		process.off("exit", abandon);
		if (child.exitCode === null && child.signalCode === null) {
			const ended = once(child, "exit");
			child.kill("SIGTERM");
			await Promise.race([ended, sleep(PATIENCE, undefined, { ref: false })]);
			child.kill("SIGKILL");
		}
		rmSync(folder, { recursive: true, force: true });
		return said.text;
	};
	try {
		const { href, origin } = await addressOf(child, said);
		const token = readFileSync(join(dataFolder, "token"), "utf8").trim();
		return { origin, signInUrl: href, dataFolder, stop, ask: askWith(origin, token) };
	} catch (error) {
		await stop();
		throw error;
	}
}

function askWith(origin: string, token: string): Product["ask"] {
	return async <Data>(query: string, variables: Readonly<Record<string, unknown>> = {}) => {
		const response = await fetch(`${origin}/graphql`, {
			method: "POST",
			headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
			body: JSON.stringify({ query, variables }),
		});
		const { data, errors } = (await response.json()) as { data: Data; errors?: readonly { message: string }[] };
		if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join("\n"));
		return data;
	};
}
