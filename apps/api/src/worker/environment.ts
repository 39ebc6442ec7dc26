/** What a run's record says about the place it ran in: enough to make the run again. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** What a worker knows before any run starts; the runtime adds itself when it opens. */
export interface HostEnvironment {
	/** Commit, with `-modified` behind it where the tree was changed; outside a repository the version and a source hash. */
	readonly codeVersion: string;
	/** SHA-256 of package-lock.json. */
	readonly lockHash: string;
	readonly cpu: string;
	readonly node: string;
	readonly platform: string;
}

export const repository = resolve(import.meta.dirname, "../../../..");

/** Reads it once, when a worker starts. */
export async function hostEnvironment(): Promise<HostEnvironment> {
	const lock = await readFile(join(repository, "package-lock.json"));
	return {
		codeVersion: await codeVersion(),
		lockHash: createHash("sha256").update(lock).digest("hex"),
		cpu: cpus()[0]?.model.trim() || "unknown",
		node: process.version,
		platform: `${process.platform}-${process.arch}`,
	};
}

/** The version in package.json. */
export async function packageVersion(): Promise<string> {
	return JSON.parse(await readFile(join(repository, "package.json"), "utf8")).version;
}

async function codeVersion(): Promise<string> {
	if (!existsSync(join(repository, ".git"))) return sourceVersion();
	const git = async (...args: string[]) =>
		(await promisify(execFile)("git", ["-C", repository, ...args])).stdout.trim();
	try {
		const modified = await git("status", "--porcelain", "--untracked-files=no");
		return `${await git("rev-parse", "HEAD")}${modified ? "-modified" : ""}`;
	} catch {
		// A clone on a machine without git.
		return sourceVersion();
	}
}

async function sourceVersion(): Promise<string> {
	const hash = createHash("sha256");
	const sources = globSync("packages/engine/src/**/*.ts", { cwd: repository }).toSorted();
	for (const path of sources) hash.update(`${path}\n`).update(await readFile(join(repository, path)));
	return `${await packageVersion()}+${hash.digest("hex").slice(0, 12)}`;
}
