/** Turns page arguments into a request to the database, and its page into a connection. */
import type { PageOf, PageRequest } from "@mithridate/db";
import { ApiError } from "../../errors.ts";
import type { Connection, PageArgs } from "./connection.type.ts";
import { decodeCursor, encodeCursor, type Key } from "./cursor.ts";

const MOST_ROWS = 100;
const STANDARD_ROWS = 20;

/**
 * Checks page arguments.
 * @param order Names the list and its order; cursors of another one are refused.
 * @throws ApiError `BAD_USER_INPUT` for arguments that contradict each other, `INVALID_CURSOR` for a foreign cursor.
 */
export function pageRequest(order: string, { first, after, last, before }: PageArgs): PageRequest {
	const isBackward = last != null;
	if (isBackward ? first != null || after != null : before != null)
		throw new ApiError("BAD_USER_INPUT", "Give `first` with `after`, or `last` with `before`: not one of each.");
	const rows = last ?? first ?? STANDARD_ROWS;
	if (rows < 1 || rows > MOST_ROWS)
		throw new ApiError("BAD_USER_INPUT", `${rows} rows cannot be asked for at once: give 1 to ${MOST_ROWS}.`);
	const cursor = isBackward ? before : after;
	const key = cursor == null ? undefined : decodeCursor(order, cursor);
	return isBackward ? { last: rows, before: key } : { first: rows, after: key };
}

/** What a connection is made of. */
export interface Page<Row, Node> {
	readonly order: string;
	readonly page: PageOf<Row>;
	key(row: Row): Key;
	node(row: Row): Node;
	count?(): Promise<number>;
}

/** A connection over one page of rows. */
export function connection<Row, Node>({ order, page, key, node, count }: Page<Row, Node>): Connection<Node> {
	const edges = page.rows.map((row) => ({ cursor: encodeCursor(order, key(row)), node: node(row) }));
	return {
		edges,
		nodes: edges.map((edge) => edge.node),
		pageInfo: {
			hasNextPage: page.hasNextPage,
			hasPreviousPage: page.hasPreviousPage,
			startCursor: edges[0]?.cursor ?? null,
			endCursor: edges.at(-1)?.cursor ?? null,
		},
		countRows: async () => (count ? count() : null),
	};
}
