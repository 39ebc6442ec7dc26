/** State dicts in OpenAI's and open_clip's naming, read into the model's own names and written from them. */
import type { HostTensor } from "../../types.ts";
import { isBatchCount } from "../batch-norm.ts";
import type { ClipConfig } from "../config.ts";
import { parameterShapes } from "../parameters.ts";
import { ownFloats, type StoredTensor } from "../safetensors.ts";
import { expectTensor } from "./hugging-face.ts";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";
import { openaiNames, type Renaming } from "./openai-names.ts";
import type { FileTensor, FileTensors } from "./tensor-file.ts";

/** What OpenAI's archives hold beside the weights: three sizes, and the causal mask of older exports. */
const ignored = /^(input_resolution|context_length|vocab_size|attn_mask|.*\.position_ids)$/;

/** The tensors without the `module.` that data-parallel training puts before every name. */
export function withoutPrefix(tensors: FileTensors): FileTensors {
	const prefix = "module.";
	if (![...tensors.keys()].every((name) => name.startsWith(prefix))) return tensors;
	return new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

/** Reads a state dict for a model of `config`. Throws `InvalidCheckpoint` naming a tensor that is wrong. */
export async function fromOpenai(
	file: { readonly source: string; readonly tensors: FileTensors },
	config: ClipConfig,
): Promise<Record<string, HostTensor>> {
	const names = openaiNames(config);
	const known = new Set(names.map(({ theirs }) => theirs));
	for (const name of file.tensors.keys())
		if (!known.has(name) && !ignored.test(name))
			throw new InvalidCheckpoint("unexpected-tensor", `${file.source}: ${name} is not part of this model.`, {
				subject: name,
			});
	const shapes = parameterShapes(config);
	const parameters: Record<string, HostTensor> = {};
	for (const renaming of names) {
		const shape = theirShape(renaming, shapes);
		const stored = expectTensor(file, renaming.theirs, shape);
		const values = await readValues(stored, renaming.theirs);
		for (const [name, data] of Object.entries(splitUp(renaming, { shape, data: values })))
			parameters[name] = { shape: shapes[name]!, data };
	}
	return parameters;
}

/** The state dict of a model, as fresh tensors in their order. */
export function toOpenai(
	config: ClipConfig,
	parameters: Readonly<Record<string, HostTensor>>,
): Record<string, HostTensor | StoredTensor> {
	const shapes = parameterShapes(config);
	return Object.fromEntries(
		openaiNames(config).map((renaming) => {
			const shape = theirShape(renaming, shapes);
			const parts = renaming.ours.map((name) => parameters[name]!.data);
			if (isBatchCount(renaming.theirs)) return [renaming.theirs, countTensor(parts[0]![0]!)];
			if (renaming.how === "copy") return [renaming.theirs, { shape, data: parts[0]! }];
			if (renaming.how === "stack") return [renaming.theirs, { shape, data: joined(parts) }];
			return [renaming.theirs, { shape, data: transposed(parts[0]!, shape[1]!, shape[0]!) }];
		}),
	);
}

function theirShape({ ours, how }: Renaming, shapes: Readonly<Record<string, readonly number[]>>): readonly number[] {
	const shape = shapes[ours[0]!]!;
	if (how === "transpose") return shape.toReversed();
	return how === "stack" ? shape.with(0, shape[0]! * ours.length) : shape;
}

async function readValues(stored: FileTensor, name: string): Promise<Float32Array> {
	const bytes = await stored.read();
	if (isBatchCount(name) && stored.dtype === "I64")
		return Float32Array.of(Number(new DataView(bytes.buffer).getBigInt64(0, true)));
	return ownFloats({ ...stored, bytes }, name).data;
}

function splitUp({ ours, how }: Renaming, { shape, data }: HostTensor): Record<string, Float32Array> {
	if (how === "copy") return { [ours[0]!]: data };
	if (how === "transpose") return { [ours[0]!]: transposed(data, shape[0]!, shape[1]!) };
	const size = data.length / ours.length;
	return Object.fromEntries(ours.map((name, at) => [name, data.slice(at * size, (at + 1) * size)]));
}

/** A matrix [rows, columns] as [columns, rows]. */
function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
	const turned = new Float32Array(data.length);
	for (let row = 0; row < rows; row++)
		for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column]!;
	return turned;
}

function joined(parts: readonly Float32Array[]): Float32Array {
	const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

/** PyTorch counts batches in 64-bit integers. */
function countTensor(count: number): StoredTensor {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigInt64(0, BigInt(Math.round(count)), true);
	return { dtype: "I64", shape: [], bytes };
}
