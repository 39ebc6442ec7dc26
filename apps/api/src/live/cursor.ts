/** Cursors of event feeds: a place in one feed, opaque, checked, and bound to the feed it came from. */
import { crc32 } from "node:zlib";
import { ApiError } from "../errors.ts";

export type FeedKind = "run" | "study";

/** A feed: the events of one run, or of all runs of a study. */
export interface FeedName {
	readonly kind: FeedKind;
	/** UUID of the run or study. */
	readonly id: string;
}

const FORM = 1;
const kinds: readonly FeedKind[] = ["run", "study"];
/** Form, kind, 16 bytes of UUID, 6 bytes of position, 4 bytes of CRC-32. */
const BYTES = 28;

const idBytes = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex");

/** The cursor after event number `position` of a feed; 0 is the place before the first. */
export function encodeCursor({ kind, id }: FeedName, position: number): string {
	const bytes = Buffer.alloc(BYTES);
	bytes[0] = FORM;
	bytes[1] = kinds.indexOf(kind);
	idBytes(id).copy(bytes, 2);
	bytes.writeUIntBE(position, 18, 6);
	bytes.writeUInt32BE(crc32(bytes.subarray(0, 24)), 24);
	return bytes.toString("base64url");
}

/** The position that a cursor stands for. Throws CURSOR_MALFORMED and CURSOR_FOREIGN. */
export function decodeCursor({ kind, id }: FeedName, cursor: string): number {
	const bytes = Buffer.from(cursor, "base64url");
	if (
		bytes.length !== BYTES ||
		bytes[0] !== FORM ||
		bytes.toString("base64url") !== cursor ||
		bytes.readUInt32BE(24) !== crc32(bytes.subarray(0, 24))
	)
		throw new ApiError(
			"CURSOR_MALFORMED",
			"`after` is no cursor of this API, or was changed on the way. Pass on the cursor of a batch as it came, or leave it out to get all events.",
		);
	if (kinds[bytes[1]!] !== kind || !bytes.subarray(2, 18).equals(idBytes(id)))
		throw new ApiError(
			"CURSOR_FOREIGN",
			`\`after\` belongs to another feed than that of ${kind} ${id}. Keep one cursor for each feed.`,
		);
	return bytes.readUIntBE(18, 6);
}
