/** Around a whole test run: where its database server is to be, should a test ask for one, and its end. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { isAlive } from "./embedded/lock.ts";
import { stopServerOf } from "./embedded/server.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** A server to use instead of an embedded one in the folder. */
		readonly databases: { readonly folder: string; readonly url: string | null };
	}
}

const PREFIX = "mithridate-test-";

/** Names the folder of this run's server and clears away what a killed run left; the end stops the server. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	for (const name of readdirSync(tmpdir())) {
		const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : Number.NaN;
		if (Number.isInteger(owner) && !isAlive(owner)) await remove(join(tmpdir(), name));
	}
	const folder = join(tmpdir(), `${PREFIX}${process.pid}`);
	// biome-ignore lint/style/noProcessEnv: the way to run the same tests on a server of one's own
	project.provide("databases", { folder, url: process.env.MITHRIDATE_TEST_DATABASE_URL ?? null });
	return () => remove(folder);
}

async function remove(folder: string): Promise<void> {
	if (!existsSync(folder)) return;
	await stopServerOf(folder);
	rmSync(folder, { recursive: true, force: true });
}
