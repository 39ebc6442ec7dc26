/** Places in an ordered list: the row's key, checksummed and bound to the order it belongs to. */
import { createHash } from "node:crypto";
import { ApiError } from "../../errors.ts";

/** The values of a row's order column and id, as the database is asked for them. */
export interface Key {
	readonly value: string | number | Date | null;
	readonly id?: string;
}

const SUM_BYTES = 6;

const checksum = (text: string) => createHash("sha256").update(text).digest().subarray(0, SUM_BYTES);

/** @param order Names the list and its order, for instance `runs:NUMBER:DESC`. */
export function encodeCursor(order: string, { value, id }: Key): string {
	const spelled = value instanceof Date ? ["date", value.getTime()] : ["plain", value];
	const text = JSON.stringify(id === undefined ? spelled : [...spelled, id]);
	return Buffer.concat([checksum(`${order} ${text}`), Buffer.from(text)]).toString("base64url");
}

/**
 * The key of a place.
 * @throws ApiError `INVALID_CURSOR` when it was changed, or belongs to another list or order.
 */
export function decodeCursor(order: string, cursor: string): Key {
	const raw = Buffer.from(cursor, "base64url");
	const text = raw.subarray(SUM_BYTES).toString();
	if (!checksum(`${order} ${text}`).equals(raw.subarray(0, SUM_BYTES)))
		throw new ApiError(
			"INVALID_CURSOR",
			"The cursor does not belong to this list in this order. Begin again without a cursor.",
		);
	const [type, value, id] = JSON.parse(text) as [string, string | number | null, string?];
	return { value: type === "date" ? new Date(Number(value)) : value, ...(id !== undefined && { id }) };
}
