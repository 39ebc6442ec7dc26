/** Downloads of runs and studies with every raw point, written while they are read. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
	type Db,
	defenseReportsOfRuns,
	evaluationsOfRuns,
	findRunByNumber,
	findStudyBySlug,
	listRuns,
	metricColumns,
	metricKeys,
	type Run,
} from "@mithridate/db";
import { type Response, Router } from "express";
import type { Services } from "../context.ts";
import { ApiError } from "../errors.ts";

/** Runs of a study that are read at once. */
const PAGE = 100;

const absent = () => new ApiError("NOT_FOUND", "There is nothing at this address.");

/** A number as JSON, which has no spelling for three of them. */
const plain = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** A field of a CSV file. Text that a spreadsheet would take for a formula is marked as text. */
function csvField(value: string | number | null): string {
	if (value === null) return "";
	if (typeof value === "number") return String(value);
	const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (fields: readonly (string | number | null)[]) => `${fields.map(csvField).join(",")}\r\n`;

/** The series of a run, one after the other. */
async function* seriesOf(db: Db, runId: string) {
	for (const { key } of await metricKeys(db, [runId])) {
		const [column] = await metricColumns(db, { runId, keys: [key] });
		if (column) yield column;
	}
}

async function* jsonOfRun(db: Db, run: Run): AsyncGenerator<string> {
	const { leaseUntil, workerId, ...shown } = run;
	yield `{"run":${JSON.stringify(shown)},"metrics":[`;
	let separator = "";
	for await (const { key, steps, values } of seriesOf(db, run.id)) {
		const series = { key, steps: Array.from(steps), values: Array.from(values, plain) };
		yield `${separator}${JSON.stringify(series)}`;
		separator = ",";
	}
	const evaluations = await evaluationsOfRuns(db, { runIds: [run.id] });
	const defenseReports = await defenseReportsOfRuns(db, [run.id]);
	yield `],"evaluations":${JSON.stringify(evaluations)},"defenseReports":${JSON.stringify(defenseReports)}}`;
}

const columns = ["run", "name", "attack", "defenses", "seed", "status", "key", "step", "value"];

async function* csvOfRun(db: Db, run: Run): AsyncGenerator<string> {
	const { number, name, attack, defenses, seed, status } = run;
	const common = [number, name, attack, defenses.join(" "), seed, status];
	for await (const { key, steps, values } of seriesOf(db, run.id)) {
		let lines = "";
		for (const [at, step] of steps.entries()) {
			lines += csvLine([...common, key, step, values[at]!]);
			if (lines.length < 65_536) continue;
			yield lines;
			lines = "";
		}
		yield lines;
	}
}

/** All runs of a study in the order of their numbers, page by page. */
async function* runsOf(db: Db, studyId: string): AsyncGenerator<Run> {
	let after: { value: number } | undefined;
	for (;;) {
		const page = await listRuns(db, {
			filter: { studyId },
			order: { field: "number", direction: "asc" },
			page: { first: PAGE, after },
		});
		yield* page.rows;
		if (!page.hasNextPage) return;
		after = { value: page.rows.at(-1)!.number };
	}
}

async function* csv(db: Db, runs: Iterable<Run> | AsyncIterable<Run>): AsyncGenerator<string> {
	yield csvLine(columns);
	for await (const run of runs) yield* csvOfRun(db, run);
}

async function* jsonOfStudy(db: Db, study: { readonly id: string }): AsyncGenerator<string> {
	yield `{"study":${JSON.stringify(study)},"runs":[`;
	let separator = "";
	for await (const run of runsOf(db, study.id)) {
		yield separator;
		yield* jsonOfRun(db, run);
		separator = ",";
	}
	yield "]}";
}

async function send(response: Response, name: string, content: AsyncGenerator<string>): Promise<void> {
	response.setHeader(
		"content-type",
		name.endsWith(".csv") ? "text/csv; charset=utf-8" : "application/json; charset=utf-8",
	);
	response.setHeader("content-disposition", `attachment; filename="${name}"`).setHeader("cache-control", "no-store");
	await pipeline(Readable.from(content), response);
}

/** `GET /export/runs/<number>.(json|csv)` and `/export/studies/<slug>.(json|csv)`. */
export function exportRoutes({ database: { db } }: Services): Router {
	const routes = Router();

	routes.get("/runs/:file", async (request, response) => {
		const [, number, format] = /^(\d{1,9})\.(json|csv)$/.exec(request.params.file) ?? [];
		const run = number === undefined ? null : await findRunByNumber(db, Number(number));
		if (!run) throw absent();
		await send(response, `run-${run.number}.${format}`, format === "csv" ? csv(db, [run]) : jsonOfRun(db, run));
	});

	routes.get("/studies/:file", async (request, response) => {
		const [, slug, format] = /^([a-z0-9][a-z0-9-]{0,99})\.(json|csv)$/.exec(request.params.file) ?? [];
		const study = slug === undefined ? null : await findStudyBySlug(db, slug);
		if (!study) throw absent();
		const content = format === "csv" ? csv(db, runsOf(db, study.id)) : jsonOfStudy(db, study);
		await send(response, `${slug}.${format}`, content);
	});

	return routes;
}
