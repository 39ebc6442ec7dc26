/** Where the commands about studies keep things, and which version of the code they are. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { directoryStages } from "@mithridate/engine";

export const repository = resolve(import.meta.dirname, "../..");
export const cacheFolder = join(repository, ".cache");
export const journals = join(cacheFolder, "studies");
export const stages = directoryStages(join(cacheFolder, "stages"));

/** Version of the code: the package's, and the commit where this is a clone. */
export function codeVersion(): string {
	const { version }: { version: string } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
	const git = (...args: string[]) => spawnSync("git", args, { cwd: repository, encoding: "utf8" });
	const { status, stdout } = git("rev-parse", "--short", "HEAD");
	if (status !== 0) return version;
	const changed = git("status", "--porcelain", "--untracked-files=no", "--", "packages/engine", "studies/src");
	return `${version} at ${stdout.trim()}${changed.stdout === "" ? "" : " with changes"}`;
}
