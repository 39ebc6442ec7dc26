/** Pages by key: the rows after or before one that the caller has seen, however many were added meanwhile. */
import { type AnyColumn, and, asc, desc, isNull, or, type SQL, sql } from "drizzle-orm";

/** Where a page begins: the values of a row's order column and id. */
export interface Key {
	readonly value: string | number | Date | null;
	/** Tells rows of the same value apart; left out where values are unique. */
	readonly id?: string;
}

/** The first rows after a key, or the last ones before one. */
export type PageRequest =
	| { readonly first: number; readonly after?: Key | undefined }
	| { readonly last: number; readonly before?: Key | undefined };

export interface Order {
	readonly key: AnyColumn;
	/** Unique; left out where the order column is. */
	readonly id?: AnyColumn;
	readonly direction: "asc" | "desc";
}

/** What a query needs to give one page. */
export interface PageQuery {
	readonly where: SQL | undefined;
	readonly orderBy: SQL[];
	readonly limit: number;
}

export interface PageOf<Row> {
	readonly rows: Row[];
	readonly hasNextPage: boolean;
	readonly hasPreviousPage: boolean;
}

/** Runs a query for one page. Rows without a value come last in either direction. */
export async function paged<Row>(
	order: Order,
	request: PageRequest,
	query: (page: PageQuery) => PromiseLike<Row[]>,
): Promise<PageOf<Row>> {
	const backward = "last" in request;
	const size = backward ? request.last : request.first;
	const key = backward ? request.before : request.after;
	const rows = await query({
		where: key && (backward ? earlier(order, key) : later(order, key)),
		orderBy: ordering(order, backward),
		limit: size + 1,
	});
	const more = rows.length > size;
	const page = rows.slice(0, size);
	if (backward) return { rows: page.reverse(), hasNextPage: key !== undefined, hasPreviousPage: more };
	return { rows: page, hasNextPage: more, hasPreviousPage: key !== undefined };
}

function ordering({ key, id, direction }: Order, backward: boolean): SQL[] {
	const ascending = (direction === "asc") !== backward;
	const nulls = key.notNull ? sql`` : backward ? sql` NULLS FIRST` : sql` NULLS LAST`;
	const by = ascending ? asc : desc;
	return [sql`${by(key)}${nulls}`, ...(id === undefined ? [] : [by(id)])];
}

/** Rows after a key in the order. */
function later(order: Order, at: Key): SQL {
	const { key } = order;
	if (at.value === null) return and(isNull(key), beyond(order, at, false))!;
	return key.notNull ? beyond(order, at, false) : or(beyond(order, at, false), isNull(key))!;
}

/** Rows before a key in the order. */
function earlier(order: Order, at: Key): SQL {
	if (at.value === null) return or(sql`${order.key} IS NOT NULL`, beyond(order, at, true))!;
	return beyond(order, at, true);
}

/** Rows that a key separates from the others, among those that have a value when it has one, else among those that have none. */
function beyond({ key, id, direction }: Order, { value, id: idOf }: Key, backward: boolean): SQL {
	const sign = (direction === "asc") !== backward ? sql.raw(">") : sql.raw("<");
	if (id === undefined) return sql`${key} ${sign} ${sql.param(value, key)}`;
	const tie = sql`${id} ${sign} ${sql.param(idOf, id)}`;
	if (value === null) return and(isNull(key), tie)!;
	return sql`(${key}, ${id}) ${sign} (${sql.param(value, key)}, ${sql.param(idOf, id)})`;
}
