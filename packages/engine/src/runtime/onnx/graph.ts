/** Collects nodes and initialisers and writes them as one ONNX model. */
import onnxProto from "onnx-proto";
import type { Attribute, GraphNode } from "./node.ts";
import { fuseProducts, nameOutputs, prune, ROW } from "./passes.ts";

const { onnx } = onnxProto;

/** Element types as ONNX numbers them (onnx.proto, TensorProto.DataType). */
export const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A named value at the border of the graph. */
export interface GraphPort {
	readonly name: string;
	readonly shape: readonly number[];
	readonly type: ElementType;
}

/** A graph under construction. Small constants and nodes that would compute the same thing twice are shared. */
export class Graph {
	readonly #nodes: GraphNode[] = [];
	readonly #initializers = new Map<string, ReturnType<typeof onnx.TensorProto.create>>();
	readonly #producers = new Map<string, GraphNode>();
	readonly #numbers = new Map<string, number>();
	readonly #inputs: GraphPort[] = [];
	readonly #outputs: GraphPort[] = [];
	readonly #seen = new Map<string, readonly string[]>();
	#names = 0;

	/** The node that makes a value; undefined for inputs and constants. */
	producer(name: string): GraphNode | undefined {
		return this.#producers.get(name);
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
		const { attributes, domain = "" } = options;
		const made = { op, domain, inputs, outputs: output, attributes };
		this.#nodes.push(made);
		for (const value of output) this.#producers.set(value, made);
		return output;
	}

	/** A constant of one float. */
	number(value: number): string {
		const name = this.constant(new Uint8Array(Float32Array.of(value).buffer), [], "float32");
		this.#numbers.set(name, value);
		return name;
	}

	/** Adds a constant; equal small ones share a name. */
	constant(data: Uint8Array, shape: readonly number[], type: ElementType): string {
		const key = data.length <= 64 ? `${type} ${shape.join()} ${data.join()}` : undefined;
		const known = key && this.#seen.get(key)?.[0];
		if (known) return known;
		const name = `c${this.#names++}`;
		if (key) this.#seen.set(key, [name]);
		const proto = { name, dims: [...shape], dataType: ELEMENT_TYPES[type], rawData: data };
		this.#initializers.set(name, onnx.TensorProto.create(proto));
		return name;
	}

	input(port: GraphPort): void {
		this.#inputs.push(port);
	}

	/** Declares that `value` leaves the graph under the port's name. */
	output(port: GraphPort, value: string): void {
		this.#outputs.push(port);
		this.#nodes.push({ op: "Identity", domain: "", inputs: [value], outputs: [port.name], attributes: {} });
	}

	/** The finished model: products fused with what follows them, and nothing that no output needs. */
	encode(name: string): Uint8Array {
		const ends = this.#outputs.map((port) => port.name);
		const fused = fuseProducts(prune(this.#nodes, ends), this.#numbers);
		const nodes = nameOutputs(prune(fused, ends), ends);
		const used = new Set(nodes.flatMap(({ inputs }) => inputs));
		const graph = onnx.GraphProto.create({
			name,
			node: nodes.map(encodeNode),
			input: this.#inputs.map(encodePort),
			output: this.#outputs.map(encodePort),
			initializer: [...this.#initializers].filter(([constant]) => used.has(constant)).map(([, proto]) => proto),
		});
		const opsetImport = [
			{ domain: "", version: 17 },
			{ domain: "com.microsoft", version: 1 },
		];
		return onnx.ModelProto.encode(onnx.ModelProto.create({ irVersion: 8, opsetImport, graph })).finish();
	}
}

function encodeNode({ op, domain, inputs, outputs, attributes }: GraphNode) {
	const own = Object.entries(attributes).filter(([name]) => name !== ROW);
	const attribute = own.map(([name, value]) => encodeAttribute(name, value));
	return onnx.NodeProto.create({ opType: op, domain, input: [...inputs], output: [...outputs], attribute });
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
