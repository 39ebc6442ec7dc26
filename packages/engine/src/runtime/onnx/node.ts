/** One operation of a graph under construction. */

export type Attribute = number | string | readonly number[] | { readonly float: number };

/** One operation of the graph. */
export interface GraphNode {
	op: string;
	domain: string;
	inputs: readonly string[];
	outputs: readonly string[];
	attributes: Readonly<Record<string, Attribute>>;
}
