/** CSV and TSV, record by record in bounded memory: one damaged record is told of and the next one read. */
import { parse } from "csv-parse/sync";
import { MithridateError } from "../../errors.ts";
import { type Line, readLines } from "../lines.ts";
import { type BadRow, badRow, SourceFault } from "./importer.ts";
import { checkEncoding, mostRecordBytes, textOf } from "./text.ts";

/** One record under the names of its header. */
export interface TableRecord {
	readonly type: "record";
	/** Line it begins at. */
	readonly row: number;
	readonly cells: ReadonlyMap<string, string>;
}

export interface TableLayout {
	/** One character; with a tab, quotes are ordinary characters. */
	readonly delimiter: string;
	/** Columns there must be. */
	readonly columns: readonly string[];
}

/** Lines that one quoted record may span. */
const mostLines = 100;

/** Records of the table at `path`, called `file` in reports. Throws `invalid-data` when the header lacks a column. */
export async function* readTable(
	path: string,
	file: string,
	layout: TableLayout,
): AsyncGenerator<TableRecord | BadRow, void> {
	let header: readonly string[] | null = null;
	for await (const { row, text } of joinLines(path, file, layout.delimiter)) {
		try {
			const cells = cellsOf(text(), layout.delimiter);
			if (header === null) header = checkHeader(cells, file, layout.columns);
			else if (cells.length === header.length)
				yield { type: "record", row, cells: new Map(header.map((name, at) => [name, cells[at]!])) };
			else throw new SourceFault("columns", `${cells.length} columns; the header has ${header.length}`);
		} catch (error) {
			if (header === null && error instanceof SourceFault) throw noHeader(file, error.message);
			yield badRow(error, { file, row });
		}
	}
	if (header === null) throw noHeader(file, "it is empty");
}

interface RawRecord {
	readonly row: number;
	/** Throws `SourceFault` when there is no readable text. */
	text(): string;
}

/** Lines, those of a quoted record joined. A quote that is never closed spoils its own line alone. */
async function* joinLines(path: string, file: string, delimiter: string): AsyncGenerator<RawRecord, void> {
	const quoting = delimiter !== "\t";
	let open: Line[] = [];
	const giveUp = function* (): Generator<RawRecord, void> {
		const [first, ...rest] = open;
		open = [];
		yield fault(first!.row, "open-quote", "a quote is opened and not closed");
		for (const line of rest) yield* take(line);
	};
	const take = function* (line: Line): Generator<RawRecord, void> {
		if (line.bytes === null) {
			if (open.length > 0) yield* giveUp();
			yield fault(line.row, "record-too-long", `longer than ${mostRecordBytes} bytes`);
			return;
		}
		if (open.length === 0 && line.bytes.length === 0) return;
		open.push(line);
		const isOpen = quoting && open.reduce((sum, { bytes }) => sum + quotes(bytes!), 0) % 2 === 1;
		const length = open.reduce((sum, { bytes }) => sum + bytes!.length, 0);
		if (isOpen && open.length < mostLines && length < mostRecordBytes) return;
		if (isOpen) yield* giveUp();
		else {
			const whole = Buffer.concat(open.flatMap(({ bytes }, at) => (at === 0 ? [bytes!] : [newline, bytes!])));
			const { row } = open[0]!;
			open = [];
			yield { row, text: () => textOf(whole) };
		}
	};
	for await (const line of readLines(path, mostRecordBytes)) {
		if (line.row === 1 && line.bytes) checkEncoding(line.bytes, file);
		yield* take(line);
	}
	while (open.length > 0) yield* giveUp();
}

const newline = Buffer.from("\n");

function fault(row: number, reason: string, detail: string): RawRecord {
	return {
		row,
		text: () => {
			throw new SourceFault(reason, detail);
		},
	};
}

function quotes(bytes: Buffer): number {
	let count = 0;
	for (let at = bytes.indexOf(34); at >= 0; at = bytes.indexOf(34, at + 1)) count++;
	return count;
}

function cellsOf(text: string, delimiter: string): string[] {
	const line = text.endsWith("\r") ? text.slice(0, -1) : text;
	if (delimiter === "\t") return line.split("\t");
	if (!line.includes('"')) return line.split(delimiter);
	try {
		return (parse(line, { delimiter, relax_column_count: true }) as string[][])[0] ?? [];
	} catch (error) {
		throw new SourceFault("quotes", (error as Error).message.split("\n")[0]!);
	}
}

function checkHeader(cells: readonly string[], file: string, columns: readonly string[]): string[] {
	const names = cells.map((cell) => cell.trim());
	const missing = columns.filter((name) => !names.includes(name));
	if (missing.length > 0) {
		const there = names.slice(0, 20).join(", ").slice(0, 200);
		throw noHeader(file, `column ${missing.join(", ")} is missing; there are: ${there}`, missing[0]!);
	}
	const twice = names.find((name, at) => columns.includes(name) && names.indexOf(name) !== at);
	if (twice !== undefined) throw noHeader(file, `column ${twice} is there twice`, twice);
	return names;
}

function noHeader(file: string, why: string, column?: string): MithridateError {
	const message = `The header of ${file} (row 1) cannot be used: ${why}. Name the columns by the importer's parameters.`;
	return new MithridateError("invalid-data", message, { subject: column ?? file });
}
