/** Rewrites of a finished graph that need to know who uses what. */
import type { Attribute, GraphNode } from "./node.ts";

/**
 * Folds what follows a matrix product into it, where nothing else reads the bare product: a factor becomes its `alpha`,
 * and an added row becomes Gemm's third operand.
 */
export function fuseProducts(nodes: readonly GraphNode[], numbers: ReadonlyMap<string, number>): GraphNode[] {
	const uses = new Map<string, number>();
	for (const input of nodes.flatMap((node) => node.inputs)) uses.set(input, (uses.get(input) ?? 0) + 1);
	const producers = new Map<string, GraphNode>();
	return nodes.map((node) => {
		const fused = fuse(node, (name) => (uses.get(name) === 1 ? producers.get(name) : undefined), numbers) ?? node;
		for (const output of fused.outputs) producers.set(output, fused);
		return fused;
	});
}

/** Has nodes write outputs under their own names, where an Identity would copy them there. */
export function nameOutputs(nodes: readonly GraphNode[], outputs: readonly string[]): GraphNode[] {
	const made = new Set(nodes.flatMap((node) => node.outputs));
	const names = new Map<string, string>();
	const kept = nodes.filter(({ op, inputs, outputs: [to] }) => {
		const [from] = inputs as [string];
		if (op !== "Identity" || !outputs.includes(to!) || !made.has(from) || names.has(from)) return true;
		names.set(from, to!);
		return false;
	});
	const renamed = (all: readonly string[]) => all.map((name) => names.get(name) ?? name);
	return kept.map((node) => ({ ...node, inputs: renamed(node.inputs), outputs: renamed(node.outputs) }));
}

/** The nodes that some output needs, in order. */
export function prune(nodes: readonly GraphNode[], outputs: readonly string[]): GraphNode[] {
	const needed = new Set(outputs);
	const kept: GraphNode[] = [];
	for (const node of nodes.toReversed()) {
		if (!node.outputs.some((output) => needed.has(output))) continue;
		for (const input of node.inputs) needed.add(input);
		kept.push(node);
	}
	return kept.reverse();
}

function fuse(
	node: GraphNode,
	soleUse: (name: string) => GraphNode | undefined,
	numbers: ReadonlyMap<string, number>,
): GraphNode | undefined {
	const [left, right] = node.inputs;
	if (node.op === "Mul") {
		const factor = numbers.get(right!);
		const product = soleUse(left!);
		return factor !== undefined && product ? scaleProduct(product, node, factor) : undefined;
	}
	if (node.op !== "Add") return undefined;
	const product = soleUse(left!);
	if (product?.op !== "Gemm" || product.inputs.length !== 2 || !node.attributes[ROW]) return undefined;
	return { ...product, inputs: [...product.inputs, right!], outputs: node.outputs };
}

/** Marks an Add whose right side is one row, or a single number, of a matrix on its left; not an ONNX attribute. */
export const ROW = "mithridate_row";

function scaleProduct(product: GraphNode, { outputs }: GraphNode, factor: number): GraphNode | undefined {
	const attributes = (names: readonly string[]) => {
		const scaled: Record<string, Attribute> = { ...product.attributes };
		for (const name of names) scaled[name] = { float: floatOf(product.attributes[name]) * factor };
		return scaled;
	};
	// Without a third operand there is nothing for beta to scale, and a row that joins later must not be scaled.
	if (product.op === "Gemm")
		return { ...product, outputs, attributes: attributes(product.inputs.length === 3 ? ["alpha", "beta"] : ["alpha"]) };
	if (product.op === "FusedMatMul") return { ...product, outputs, attributes: attributes(["alpha"]) };
	if (product.op !== "MatMul") return undefined;
	return { ...product, op: "FusedMatMul", domain: "com.microsoft", outputs, attributes: attributes(["alpha"]) };
}

function floatOf(attribute: Attribute | undefined): number {
	return typeof attribute === "object" && "float" in attribute ? attribute.float : 1;
}
