/** The token of a local install: a file in the data folder that only its owner can read. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSecret, isWellFormed } from "./secrets.ts";

/** The local token, made at the first start. Modes are set again each time: a copied folder may have lost them. */
export function readLocalToken(dataFolder: string): string {
	mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
	const { mode } = statSync(dataFolder);
	// Passing through is all the embedded database's own account may do here, where it has one.
	if ((mode & 0o067) !== 0) chmodSync(dataFolder, mode & 0o710);
	const path = join(dataFolder, "token");
	try {
		// Made by whoever comes first: a second start at the same moment reads what the first one wrote.
		writeFileSync(path, createSecret(), { flag: "wx", mode: 0o600 });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	}
	chmodSync(path, 0o600);
	const secret = readFileSync(path, "utf8").trim();
	if (!isWellFormed(secret))
		throw new Error(`${path} does not hold a token (mmp_...). Delete it; the next start makes a new one.`);
	return secret;
}

/** Whether the data folder has a token already. */
export function hasLocalToken(dataFolder: string): boolean {
	return existsSync(join(dataFolder, "token"));
}
