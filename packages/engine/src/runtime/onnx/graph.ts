/** Collects nodes and initialisers and writes them as one ONNX model. */
import onnxProto from "onnx-proto";

const { onnx } = onnxProto;

/** Element types as ONNX numbers them (onnx.proto, TensorProto.DataType). */
export const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

export type Attribute = number | string | readonly number[] | { readonly float: number };

/** A named value at the border of the graph. */
export interface GraphPort {
	readonly name: string;
	readonly shape: readonly number[];
	readonly type: ElementType;
}

/** A graph under construction. Small constants and nodes that would compute the same thing twice are shared. */
export class Graph {
	readonly #nodes: ReturnType<typeof onnx.NodeProto.create>[] = [];
	readonly #initializers: ReturnType<typeof onnx.TensorProto.create>[] = [];
	readonly #inputs: GraphPort[] = [];
	readonly #outputs: GraphPort[] = [];
	readonly #seen = new Map<string, readonly string[]>();
	#names = 0;

	get nodeCount(): number {
		return this.#nodes.length;
	}

	/** Adds a node with one output, or finds the node that already computes it. */
	node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
		return this.nodes(op, inputs, { attributes, outputs: 1 })[0]!;
	}

	/** As `node`, with several outputs. */
	nodes(
		op: string,
		inputs: readonly string[],
		options: { attributes: Readonly<Record<string, Attribute>>; outputs: number; domain?: string },
	): readonly string[] {
		const key = JSON.stringify([op, inputs, options]);
		const known = this.#seen.get(key);
		if (known) return known;
		const output = Array.from({ length: options.outputs }, () => `v${this.#names++}`);
		this.#seen.set(key, output);
		this.#nodes.push(
			onnx.NodeProto.create({
				opType: op,
				domain: options.domain ?? "",
				input: [...inputs],
				output,
				attribute: Object.entries(options.attributes).map(([name, value]) => encodeAttribute(name, value)),
			}),
		);
		return output;
	}

	/** Adds a constant; equal small ones share a name. */
	constant(data: Uint8Array, shape: readonly number[], type: ElementType): string {
		const key = data.length <= 64 ? `${type} ${shape.join()} ${data.join()}` : undefined;
		const known = key && this.#seen.get(key)?.[0];
		if (known) return known;
		const name = `c${this.#names++}`;
		if (key) this.#seen.set(key, [name]);
		this.#initializers.push(
			onnx.TensorProto.create({ name, dims: [...shape], dataType: ELEMENT_TYPES[type], rawData: data }),
		);
		return name;
	}

	input(port: GraphPort): void {
		this.#inputs.push(port);
	}

	/** Declares that `value` leaves the graph under the port's name. */
	output(port: GraphPort, value: string): void {
		this.#outputs.push(port);
		this.#nodes.push(onnx.NodeProto.create({ opType: "Identity", input: [value], output: [port.name] }));
	}

	encode(name: string): Uint8Array {
		const graph = onnx.GraphProto.create({
			name,
			node: this.#nodes,
			input: this.#inputs.map(encodePort),
			output: this.#outputs.map(encodePort),
			initializer: this.#initializers,
		});
		const opsetImport = [
			{ domain: "", version: 17 },
			{ domain: "com.microsoft", version: 1 },
		];
		return onnx.ModelProto.encode(onnx.ModelProto.create({ irVersion: 8, opsetImport, graph })).finish();
	}
}

function encodePort({ name, shape, type }: GraphPort) {
	const dim = shape.map((dimValue) => ({ dimValue }));
	return onnx.ValueInfoProto.create({ name, type: { tensorType: { elemType: ELEMENT_TYPES[type], shape: { dim } } } });
}

/** Whole numbers become ints; a float attribute that may happen to be whole is given as `{ float }`. */
function encodeAttribute(name: string, value: Attribute) {
	const { FLOAT, INT, STRING, INTS } = onnx.AttributeProto.AttributeType;
	if (typeof value === "string") return { name, type: STRING, s: new TextEncoder().encode(value) };
	if (typeof value === "number") return { name, type: INT, i: value };
	if ("float" in value) return { name, type: FLOAT, f: value.float };
	return { name, type: INTS, ints: [...value] };
}
