/** Places in an ordered list: the values of the row's sort keys, checksummed and bound to the order they belong to. */
import { createHash } from "node:crypto";
import { ApiError } from "../../errors.ts";

const SUM_BYTES = 6;

/** A sort key's value as JSON holds it. */
export type KeyValue = string | number | boolean | null;

const checksum = (text: string) => createHash("sha256").update(text).digest().subarray(0, SUM_BYTES);

/** @param order Names the list and its order, for instance `runs:NUMBER:DESC`. */
export function encodeCursor(order: string, values: readonly KeyValue[]): string {
	const text = JSON.stringify(values);
	return Buffer.concat([checksum(`${order} ${text}`), Buffer.from(text)]).toString("base64url");
}

/**
 * The sort keys of a place.
 * @throws ApiError `INVALID_CURSOR` when it was changed, or belongs to another list or order.
 */
export function decodeCursor(order: string, cursor: string): KeyValue[] {
	const raw = Buffer.from(cursor, "base64url");
	const text = raw.subarray(SUM_BYTES).toString();
	if (!checksum(`${order} ${text}`).equals(raw.subarray(0, SUM_BYTES)))
		throw new ApiError(
			"INVALID_CURSOR",
			"The cursor does not belong to this list in this order. Begin again without a cursor.",
		);
	return JSON.parse(text) as KeyValue[];
}
