/** Opaque ids: base64url of a version byte, a byte for the type, and the row's UUID. */
import { ApiError } from "../../errors.ts";

const VERSION = 1;

/** Bytes of the types; a number is never given to another type. */
const bytes = {
	Run: 1,
	Study: 2,
	Dataset: 3,
	Pair: 4,
	Evaluation: 5,
	DefenseReport: 6,
	Model: 7,
	Token: 8,
	Worker: 9,
	DatasetImport: 10,
} as const;

export type NodeType = keyof typeof bytes;

const types = new Map(Object.entries(bytes).map(([type, byte]) => [byte as number, type as NodeType]));

/** The id of a row, followed by what else its key holds. */
export function encodeId(type: NodeType, uuid: string, rest = ""): string {
	const key = Buffer.from(uuid.replaceAll("-", ""), "hex");
	return Buffer.concat([Buffer.from([VERSION, bytes[type]]), key, Buffer.from(rest)]).toString("base64url");
}

export interface DecodedId {
	readonly type: NodeType;
	readonly uuid: string;
	readonly rest: string;
}

/** What an id stands for; null for text that this API never gave. */
export function decodeId(id: string): DecodedId | null {
	if (!/^[A-Za-z0-9_-]{24,256}$/.test(id)) return null;
	const raw = Buffer.from(id, "base64url");
	const type = types.get(raw[1] ?? 0);
	if (raw[0] !== VERSION || type === undefined || raw.length < 18) return null;
	const hex = raw.subarray(2, 18).toString("hex");
	const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
	return { type, uuid, rest: raw.subarray(18).toString() };
}

/**
 * The UUID behind an id of one type.
 * @throws ApiError `BAD_USER_INPUT` for any other text.
 */
export function uuidOf(type: NodeType, id: string): string {
	const decoded = decodeId(id);
	if (decoded?.type === type) return decoded.uuid;
	throw new ApiError(
		"BAD_USER_INPUT",
		`"${id.slice(0, 64)}" is no id of a ${type}. Give an id as this API returned it.`,
	);
}
