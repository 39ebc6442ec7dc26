/** Relay connections: one page of a list, with a cursor for each row and for where to go on. */
import { ArgsType, type ClassType, Field, Int, ObjectType } from "type-graphql";
import { Cursor, SafeInt } from "../scalars.ts";

@ObjectType({ simpleResolvers: true, description: "Where a page lies in its list." })
export class PageInfo {
	@Field(() => Boolean, { description: "Whether the list goes on after the page." })
	hasNextPage!: boolean;

	@Field(() => Boolean, { description: "Whether the list has rows before the page." })
	hasPreviousPage!: boolean;

	@Field(() => Cursor, { nullable: true, description: "Place of the page's first row; null on an empty page." })
	startCursor!: string | null;

	@Field(() => Cursor, { nullable: true, description: "Place of the page's last row; null on an empty page." })
	endCursor!: string | null;
}

@ArgsType()
export class ForwardArgs {
	@Field(() => Int, { nullable: true, description: "Rows from the beginning, 1 to 100; 20 where it is left out." })
	first?: number | null;

	@Field(() => Cursor, { nullable: true, description: "Only rows after this place." })
	after?: string | null;
}

@ArgsType()
export class PageArgs extends ForwardArgs {
	@Field(() => Int, { nullable: true, description: "Rows from the end, 1 to 100, instead of `first`." })
	last?: number | null;

	@Field(() => Cursor, { nullable: true, description: "Only rows before this place." })
	before?: string | null;
}

export interface Edge<Node> {
	readonly cursor: string;
	readonly node: Node;
}

export interface Connection<Node> {
	readonly edges: readonly Edge<Node>[];
	readonly nodes: readonly Node[];
	readonly pageInfo: PageInfo;
	/** Asked only when the total is. */
	countRows(): Promise<number | null>;
}

/** Makes the connection and edge types of a node type. */
export function connectionType<Node extends object>(
	name: string,
	node: () => ClassType<Node>,
): ClassType<Connection<Node>> {
	@ObjectType(`${name}Edge`, { simpleResolvers: true, description: `A ${name} and its place in the list.` })
	class NodeEdge implements Edge<Node> {
		@Field(() => Cursor, { description: "Place of the row." })
		cursor!: string;

		@Field(() => node(), { description: "The row." })
		node!: Node;
	}

	@ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of a list of ${name} rows.` })
	class NodeConnection {
		@Field(() => [NodeEdge], { description: "The rows with their places." })
		edges!: Edge<Node>[];

		@Field(() => [node()], { description: "The rows alone." })
		nodes!: Node[];

		@Field(() => PageInfo, { description: "Where the page lies in the list." })
		pageInfo!: PageInfo;

		@Field(() => SafeInt, {
			nullable: true,
			description: "Rows of the whole list under the same filter; null where counting is not offered.",
		})
		totalCount(): Promise<number | null> {
			return this.countRows();
		}

		countRows!: () => Promise<number | null>;
	}
	return NodeConnection as unknown as ClassType<Connection<Node>>;
}
