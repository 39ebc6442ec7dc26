/** Text from strangers: strict UTF-8, so that damaged captions are told of and not trained on. */
import { MithridateError } from "../../errors.ts";
import { SourceFault } from "./importer.ts";

const strict = new TextDecoder("utf-8", { fatal: true });

/** Bytes of one record of a text file. */
export const mostRecordBytes = 2 ** 20;

/** The text of some bytes, without a byte order mark at the start. */
export function textOf(bytes: Uint8Array): string {
	try {
		return strict.decode(bytes);
	} catch {
		throw new SourceFault("encoding", "not valid UTF-8; convert the file to UTF-8");
	}
}

/** Throws when a file begins as UTF-16 does: every line of it would be wrong. */
export function checkEncoding(start: Uint8Array, file: string): void {
	const mark = Buffer.from(start.subarray(0, 2)).toString("hex");
	if (mark !== "fffe" && mark !== "feff" && start[1] !== 0) return;
	const message = `${file} is not UTF-8 but looks like UTF-16; convert it, for instance with iconv.`;
	throw new MithridateError("invalid-data", message, { subject: file });
}

/** A value of JSON as an object, or a fault that names what it is instead. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
	if (value === null || typeof value !== "object" || Array.isArray(value))
		throw new SourceFault("json", `${value === null ? "null" : typeof value} where an object should stand`);
	return value as Readonly<Record<string, unknown>>;
}

/** An own field of an object; what it inherits is none of its own. */
export function field(record: Readonly<Record<string, unknown>>, name: string): unknown {
	return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A field that must be text, or a number that stands for it. */
export function textField(record: Readonly<Record<string, unknown>>, name: string): string {
	const value = field(record, name);
	if (typeof value === "string") return value;
	if (typeof value === "number" && Number.isFinite(value)) return String(value);
	if (typeof value === "bigint") return String(value);
	throw new SourceFault("field", `field "${name}" is ${value === undefined ? "missing" : "not a text"}`);
}

/** A field that must be one of the ids that data sets number things with. */
export function idField(record: Readonly<Record<string, unknown>>, name: string): number {
	const value = field(record, name);
	if (Number.isSafeInteger(value)) return value as number;
	throw new SourceFault("field", `field "${name}" is ${value === undefined ? "missing" : "not a whole number"}`);
}

/** Captions in a field: one text or a list of them. */
export function captionsField(record: Readonly<Record<string, unknown>>, name: string): string[] {
	const value = field(record, name);
	if (!Array.isArray(value)) return [textField(record, name)];
	return value.map((caption) => {
		if (typeof caption !== "string")
			throw new SourceFault("field", `field "${name}" holds something that is not a text`);
		return caption;
	});
}
