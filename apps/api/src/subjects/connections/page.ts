/** Turns page arguments into a keyset query, and its rows into a connection. */
import { ApiError } from "../../errors.ts";
import type { Connection, PageArgs } from "./connection.type.ts";
import { decodeCursor, encodeCursor, type KeyValue } from "./cursor.ts";

const MOST_ROWS = 100;
const STANDARD_ROWS = 20;

/** A page as the database is asked for it. */
export interface Keyset {
	/** Rows to read: one more than the page holds, to see whether the list goes on. */
	readonly limit: number;
	readonly after: readonly KeyValue[] | null;
	readonly before: readonly KeyValue[] | null;
	/** Whether to read from the end of the list towards its beginning. */
	readonly isBackward: boolean;
}

/**
 * Checks page arguments.
 * @param order Names the list and its order; cursors of another one are refused.
 * @throws ApiError `BAD_USER_INPUT` for arguments that contradict each other, `INVALID_CURSOR` for a foreign cursor.
 */
export function keyset(order: string, { first, after, last, before }: PageArgs): Keyset {
	if (first != null && last != null)
		throw new ApiError("BAD_USER_INPUT", "`first` and `last` exclude each other: give one of them.");
	const rows = first ?? last ?? STANDARD_ROWS;
	if (rows < 1 || rows > MOST_ROWS)
		throw new ApiError("BAD_USER_INPUT", `${rows} rows cannot be asked for at once: give 1 to ${MOST_ROWS}.`);
	return {
		limit: rows + 1,
		after: after == null ? null : decodeCursor(order, after),
		before: before == null ? null : decodeCursor(order, before),
		isBackward: last != null,
	};
}

/** What a connection is made of. */
export interface Page<Row, Node> {
	readonly order: string;
	readonly asked: Keyset;
	/** As the database gave them: in the direction of reading, with the row too many. */
	readonly rows: readonly Row[];
	keys(row: Row): readonly KeyValue[];
	node(row: Row): Node;
	count?(): Promise<number>;
}

/** A connection over the rows of a keyset query. */
export function connection<Row, Node>({ order, asked, rows, keys, node, count }: Page<Row, Node>): Connection<Node> {
	const goesOn = rows.length === asked.limit;
	const read = goesOn ? rows.slice(0, -1) : rows;
	const shown = asked.isBackward ? read.toReversed() : read;
	const edges = shown.map((row) => ({ cursor: encodeCursor(order, keys(row)), node: node(row) }));
	return {
		edges,
		nodes: edges.map((edge) => edge.node),
		pageInfo: {
			hasNextPage: asked.isBackward ? asked.before !== null : goesOn,
			hasPreviousPage: asked.isBackward ? goesOn : asked.after !== null,
			startCursor: edges[0]?.cursor ?? null,
			endCursor: edges.at(-1)?.cursor ?? null,
		},
		totalCount: async () => (count ? count() : null),
	};
}
