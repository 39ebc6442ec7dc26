/** Weights cut into several files with an index that says which tensor lies where (Hugging Face's `*.index.json`). */
import { join } from "node:path";
import { z } from "zod";
import type { HostTensor } from "../../types.ts";
import { type Files, hasFile, printJson, readText } from "./directory.ts";
import { type CheckpointFault, InvalidCheckpoint } from "./invalid-checkpoint.ts";
import type { FileTensor, TensorFile } from "./tensor-file.ts";
import { repeatedKey } from "./unique-keys.ts";

const maxShards = 1000;

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens every shard that `indexName` lists, each by `openShard`, and checks that the shards hold exactly the tensors
 * the index says, each once. Throws `InvalidCheckpoint`.
 */
export async function openShards(
	directory: string,
	indexName: string,
	openShard: (path: string) => Promise<TensorFile>,
): Promise<TensorFile> {
	const shardOf = parseIndex(await readText(directory, indexName), indexName);
	const names = [...new Set(shardOf.values())].sort();
	const fault = (code: CheckpointFault, subject: string, problem: string) =>
		new InvalidCheckpoint(code, `${indexName}: ${problem}.`, { subject });
	if (names.length > maxShards)
		throw fault("too-many-shards", indexName, `${names.length} shards are listed; at most ${maxShards} are allowed`);
	for (const name of names) {
		// A shard lies beside its index; a link there may lead elsewhere, as in Hugging Face's cache, a name may not.
		if (name === "" || name === "." || name === ".." || /[/\\\p{C}]/u.test(name))
			throw fault("path-escape", name, `${JSON.stringify(name)} is not the name of a file beside it`);
		if (!hasFile(directory, name)) throw fault("missing-shard", name, `the shard ${name} is missing`);
	}
	const opened: TensorFile[] = [];
	const close = async () => {
		await Promise.all(opened.map((shard) => shard.close()));
	};
	try {
		const tensors = new Map<string, FileTensor>();
		for (const name of names) {
			const shard = await openShard(join(directory, name));
			opened.push(shard);
			for (const [tensor, content] of shard.tensors) {
				if (tensors.has(tensor)) throw fault("tensor-in-two-shards", tensor, `${tensor} lies in two shards`);
				const listed = shardOf.get(tensor);
				if (listed === undefined) throw fault("unlisted-tensor", tensor, `${tensor} of ${name} is not listed`);
				if (listed !== name) throw fault("unlisted-tensor", tensor, `${tensor} is listed in ${listed}, not in ${name}`);
				tensors.set(tensor, content);
			}
		}
		for (const [tensor, name] of shardOf)
			if (!tensors.has(tensor)) throw fault("missing-tensor", tensor, `${tensor} is not in ${name}`);
		return { source: indexName, tensors, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** File name by tensor name. */
function parseIndex(text: string, indexName: string): Map<string, string> {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (cause) {
		throw new InvalidCheckpoint("bad-json", `${indexName} is not JSON.`, { subject: indexName, cause });
	}
	const repeated = repeatedKey(text);
	if (repeated !== null)
		throw new InvalidCheckpoint("tensor-in-two-shards", `${indexName}: ${repeated} is listed twice.`, {
			subject: repeated,
		});
	const index = indexSchema.safeParse(json);
	if (!index.success)
		throw new InvalidCheckpoint("bad-index", `${indexName}: weight_map is no table of file names.`, {
			subject: indexName,
			cause: index.error,
		});
	return new Map(Object.entries(index.data.weight_map));
}

/** Files of at most `shardBytes` bytes each, if no single tensor is larger, and the index that lists them. */
export function printShards(
	parameters: Readonly<Record<string, HostTensor>>,
	options: {
		readonly half: boolean;
		readonly shardBytes: number;
		write(tensors: Record<string, HostTensor>): Iterable<Uint8Array>;
	},
): Files {
	const { half, shardBytes, write } = options;
	const shards: Record<string, HostTensor>[] = [];
	let filled = Number.POSITIVE_INFINITY;
	let total = 0;
	for (const [name, tensor] of Object.entries(parameters)) {
		const size = tensor.data.length * (half ? 2 : 4);
		if (filled + size > shardBytes) {
			shards.push({});
			filled = 0;
		}
		shards.at(-1)![name] = tensor;
		filled += size;
		total += size;
	}
	const padded = (count: number) => String(count).padStart(5, "0");
	const files: Record<string, string | Iterable<Uint8Array>> = {};
	const weightMap: Record<string, string> = {};
	for (const [at, shard] of shards.entries()) {
		const file = `model-${padded(at + 1)}-of-${padded(shards.length)}.safetensors`;
		files[file] = write(shard);
		for (const name of Object.keys(shard)) weightMap[name] = file;
	}
	const index = { metadata: { total_size: total }, weight_map: weightMap };
	return { ...files, "model.safetensors.index.json": printJson(index) };
}
