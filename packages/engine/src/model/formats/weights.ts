/** Finds a directory's weights, whatever they are called and whichever of four forms they have. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { hasFile } from "./directory.ts";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";
import { openShards } from "./shards.ts";
import { openSafetensors, type TensorFile } from "./tensor-file.ts";
import { openTorchFile } from "./torch-file.ts";

/** How each form is opened, the safest and fastest first. */
const forms: readonly (readonly [ending: string, open: (directory: string, name: string) => Promise<TensorFile>])[] = [
	[".safetensors", (directory, name) => openSafetensors(join(directory, name))],
	[".safetensors.index.json", (directory, name) => openShards(directory, name, openSafetensors)],
	[".bin", (directory, name) => openTorchFile(join(directory, name))],
	[".bin.index.json", (directory, name) => openShards(directory, name, openTorchFile)],
	[".pt", (directory, name) => openTorchFile(join(directory, name))],
];

/**
 * Opens the first file that is there: of the first form under any of `names`, then of the second, and so on. The name
 * "*" stands for any file, if it is the only one of its form. Throws `InvalidCheckpoint`.
 */
export async function openWeights(directory: string, names: readonly string[]): Promise<TensorFile> {
	for (const [ending, open] of forms)
		for (const name of names) {
			const file = name === "*" ? onlyFile(directory, ending) : `${name}${ending}`;
			if (file !== null && hasFile(directory, file)) return open(directory, file);
		}
	const wanted = `${names[0]}.safetensors`;
	throw new InvalidCheckpoint("unreadable", `${join(directory, wanted)} is missing, and no other weights are there.`, {
		subject: wanted,
	});
}

function onlyFile(directory: string, ending: string): string | null {
	let files: string[];
	try {
		files = readdirSync(directory).filter((file) => file.endsWith(ending));
	} catch {
		// A directory that cannot be listed has no weights; the caller says so with the name it looked for.
		return null;
	}
	return files.length === 1 ? files[0]! : null;
}
