/** Checks package-lock.json: complete for every platform, tied to no registry, and no install script undecided. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface LockEntry {
	version?: string;
	resolved?: string;
	integrity?: string;
	link?: boolean;
	hasInstallScript?: boolean;
	optionalDependencies?: Record<string, string>;
}

const root = process.argv[2] ?? join(import.meta.dirname, "..");
const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));
const packages: Record<string, LockEntry> = read("package-lock.json").packages;
const project: { allowScripts?: Record<string, boolean> } = read("package.json");

/** Where Node would find `name` when `from` asks for it, among the packages of the lock. */
function find(name: string, from: string): string | undefined {
	for (let folder = from; ; folder = dirname(folder)) {
		const path = folder === "." || folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
		if (packages[path]) return path;
		if (folder === "." || folder === "") return undefined;
	}
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

const faults: string[] = [];
for (const [path, entry] of Object.entries(packages)) {
	for (const name of Object.keys(entry.optionalDependencies ?? {})) {
		if (find(name, path)) continue;
		faults.push(
			`${path || "the project"} asks for ${name}, which the lock lacks: macOS, Windows or arm64 would go without. Take a version whose binaries are all published.`,
		);
	}
	if (!path.includes("node_modules/") || entry.link) continue;
	if (entry.resolved)
		faults.push(`${path} has a download address. Keep omit-lockfile-registry-resolved=true in .npmrc.`);
	if (!entry.integrity) faults.push(`${path} has no integrity hash.`);
	if (entry.hasInstallScript && project.allowScripts?.[nameOf(path)] === undefined) {
		faults.push(`${nameOf(path)} has an install script: decide on it under allowScripts in package.json.`);
	}
}

const withScripts = new Set(
	Object.entries(packages)
		.filter(([, entry]) => entry.hasInstallScript)
		.map(([path]) => nameOf(path)),
);
for (const name of Object.keys(project.allowScripts ?? {})) {
	if (!withScripts.has(name)) faults.push(`allowScripts names ${name}, which has no install script here.`);
}

for (const fault of faults) console.error(fault);
console.log(`lock: ${Object.keys(packages).length} packages, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
