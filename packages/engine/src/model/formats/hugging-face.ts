/** Weights under the names that the model itself uses, which are Hugging Face's. */
import type { HostTensor } from "../../types.ts";
import { ownFloats } from "../safetensors.ts";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";
import type { FileTensors } from "./tensor-file.ts";

/** Buffers that older exporters saved beside the weights. */
const ignored = /\.position_ids$/;

/** Reads exactly the tensors of `shapes`: none missing, none unexpected, none of another shape. */
export async function readParameters(
	file: { readonly source: string; readonly tensors: FileTensors },
	shapes: Readonly<Record<string, readonly number[]>>,
): Promise<Record<string, HostTensor>> {
	const { source, tensors } = file;
	for (const name of tensors.keys())
		if (!Object.hasOwn(shapes, name) && !ignored.test(name))
			throw new InvalidCheckpoint(
				"unexpected-tensor",
				`${source}: ${name} is not part of the model that config.json describes.`,
				{ subject: name },
			);
	const parameters: Record<string, HostTensor> = {};
	for (const [name, shape] of Object.entries(shapes)) {
		const stored = expectTensor(file, name, shape);
		parameters[name] = ownFloats({ ...stored, bytes: await stored.read() }, name);
	}
	return parameters;
}

/** The tensor of that name and shape. Throws `InvalidCheckpoint` when it is missing or has another shape. */
export function expectTensor(
	{ source, tensors }: { readonly source: string; readonly tensors: FileTensors },
	name: string,
	shape: readonly number[],
) {
	const stored = tensors.get(name);
	const wrong = (problem: string) =>
		new InvalidCheckpoint("bad-tensor", `${source}: ${name} ${problem}.`, { subject: name });
	if (!stored) throw wrong("is missing");
	if (stored.shape.join() !== shape.join())
		throw wrong(`has shape [${stored.shape.join(", ")}]; config.json asks for [${shape.join(", ")}]`);
	return stored;
}
