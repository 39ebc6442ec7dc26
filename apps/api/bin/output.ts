/** Prints rows for people as a table, or for programs as one JSON object a line. */
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import Table from "cli-table3";

/** A column of a table: its head, and what it shows of a row. */
export type Column<Row> = readonly [head: string, show: (row: Row) => string | number | null | undefined];

/** Prints as rows come; a table is printed when all are there. */
export async function printRows<Row>(
	rows: AsyncIterable<Row> | Iterable<Row>,
	{
		columns,
		json,
		limit = Number.POSITIVE_INFINITY,
	}: {
		columns: readonly Column<Row>[];
		json: boolean | undefined;
		limit?: number;
	},
): Promise<void> {
	const table = new Table({ head: columns.map(([head]) => head), style: { head: [], border: [] } });
	let count = 0;
	for await (const row of rows) {
		if (count++ >= limit) break;
		if (json) process.stdout.write(`${JSON.stringify(row)}\n`);
		else table.push(columns.map(([, show]) => show(row) ?? ""));
	}
	if (!json) process.stdout.write(count === 0 ? "There are none.\n" : `${table.toString()}\n`);
}

/** A share or a rank with a fixed number of digits; empty where there is none. */
export const digits = (value: number | null | undefined, places = 3) => value?.toFixed(places) ?? "";

/** Says how many runs wait again. */
export function printQueued(count: number, { json }: { json?: boolean }): void {
	process.stdout.write(json ? `${JSON.stringify({ queued: count })}\n` : `${count} queued\n`);
}

/** Writes an export as it comes, to a file or to standard output. */
export async function writeExport(body: ReadableStream<Uint8Array>, { out }: { out?: string }): Promise<void> {
	const stream = Readable.fromWeb(body as never);
	if (out === undefined) await pipeline(stream, process.stdout, { end: false });
	else await pipeline(stream, createWriteStream(out));
}

/** Date and minute, local. */
export const minute = (time: string | null | undefined) =>
	time ? new Date(time).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" }) : "";
