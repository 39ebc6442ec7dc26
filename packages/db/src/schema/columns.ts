/** Columns that every table spells the same way. */
import { char, timestamp, uuid } from "drizzle-orm/pg-core";
import { v7 } from "uuid";

/** A time-ordered id made here, since PostgreSQL has `uuidv7()` only from version 18 on. */
export const id = () => uuid().$defaultFn(() => v7());

/** An instant in whole milliseconds, so that a JavaScript Date holds it exactly and a page's cursor never skips a row. */
export const instant = () => timestamp({ withTimezone: true, precision: 3, mode: "date" });

export const createdAt = () => instant().notNull().defaultNow();

/** A SHA-256 in lower-case hexadecimal. */
export const sha256 = () => char({ length: 64 });
