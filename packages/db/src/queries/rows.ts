/** Many rows as few parameters. */
import { type AnyColumn, ilike, or, type SQL, sql } from "drizzle-orm";

/** An array as one parameter, where the query builder would spell each element; cast it to the array's type. */
export function list(values: readonly unknown[]): SQL {
	return sql`${sql.param(values)}`;
}

/** As `list`, of numbers; JavaScript would write -0 without its sign. */
export function floats(values: readonly number[]): SQL {
	return list(values.map((value) => (Object.is(value, -0) ? "-0" : value)));
}

/** Rows as one JSON parameter, for `jsonb_to_recordset`; for columns that are arrays themselves, which `unnest` would flatten. */
export function records(rows: readonly object[]): SQL {
	return sql`${JSON.stringify(rows)}::jsonb`;
}

/** The pattern of a text that contains another, whatever letters that one has. */
export function containing(text: string): string {
	return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Rows of pairs with a text in their sample's name or in one of their captions. */
export function naming({ sample, captions }: { sample: AnyColumn; captions: AnyColumn }, text: string): SQL {
	const pattern = containing(text);
	return or(
		ilike(sample, pattern),
		sql`EXISTS (SELECT FROM unnest(${captions}) AS caption WHERE caption ILIKE ${pattern})`,
	)!;
}
