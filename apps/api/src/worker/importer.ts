/** The process that imports: one data set, no database, no network. Images are decoded in processes of their own below it. */
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setInterval } from "node:timers/promises";
import type { ImportFault } from "@mithridate/db";
import {
	datasets,
	discardImport,
	type ImportEvent,
	importDataset,
	MithridateError,
	openDataset,
} from "@mithridate/engine";
import { registrationOf } from "./dataset-files.ts";
import { codeOf } from "./fault-codes.ts";
import type { FromImporter, ToImporter } from "./import-protocol.ts";

/** Between two messages about progress. */
const TELL_MILLISECONDS = 250;

type BadRow = Extract<ImportEvent, { type: "bad-row" }>;
type Start = Extract<ToImporter, { type: "start" }>;

const stop = new AbortController();
const { promise: begun, resolve: begin } = Promise.withResolvers<Start>();
process.on("message", (message: ToImporter) => {
	if (message.type === "start") begin(message);
	else stop.abort(message.reason);
});
// Without its supervisor nothing it does is recorded; what is done lies in the journal.
process.on("disconnect", () => process.exit(1));

const tell = (message: FromImporter) =>
	new Promise<void>((sent, fail) => {
		process.send!(message, undefined, undefined, (error) => (error ? fail(error) : sent()));
	});

const faultOf = ({ type: _, column, ...fault }: BadRow): ImportFault => ({ ...fault, column: column ?? null });

/** Gathers what an import yields into few messages of bounded size. */
function createTeller(mostFaults: number) {
	let [done, total, faultCount, kept] = [0, 0, 0, 0];
	let faults: ImportFault[] = [];
	const over = new AbortController();
	const flush = async () => {
		const news = { done, total, faults, faultCount };
		[faults, faultCount] = [[], 0];
		await tell({ type: "told", ...news });
	};
	const telling = (async () => {
		try {
			for await (const _ of setInterval(TELL_MILLISECONDS, undefined, { signal: over.signal })) await flush();
		} catch (error) {
			if (!over.signal.aborted) throw error;
		}
	})();
	return {
		take(event: ImportEvent) {
			if (event.type === "progress") ({ done, total } = event);
			else {
				faultCount++;
				if (kept++ < mostFaults) faults.push(faultOf(event));
			}
		},
		async close() {
			over.abort();
			await telling;
			await flush();
		},
	};
}

/** The first rows of a version's report. */
async function readReport(path: string, mostFaults: number): Promise<ImportFault[]> {
	const faults: ImportFault[] = [];
	const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
	for await (const line of lines) {
		if (faults.length >= mostFaults) break;
		if (line !== "") faults.push(faultOf(JSON.parse(line)));
	}
	return faults;
}

async function work({ request, scratch, mostFaults }: Start): Promise<FromImporter> {
	const teller = createTeller(mostFaults);
	try {
		const events = importDataset({ ...request, signal: stop.signal });
		let step = await events.next();
		for (; !step.done; step = await events.next()) teller.take(step.value);
		const { hash, path, bad } = step.value;
		const dataset = await openDataset(path);
		const params = datasets.imported.params.parse({ hash });
		return {
			type: "sealed",
			versionHash: hash,
			registration: await registrationOf(dataset, { name: "imported", params }, scratch),
			faults: await readReport(join(path, "bad-rows.jsonl"), mostFaults),
			faultCount: bad,
		};
	} catch (error) {
		if (!(error instanceof MithridateError)) throw error;
		if (error.code !== "aborted") return { type: "failed", code: codeOf(error), message: error.message };
		if (stop.signal.reason === "cancel") await discardImport(request);
		return { type: "stopped" };
	} finally {
		await teller.close();
	}
}

const ending = await work(await begun);
await tell(ending);
// The supervisor closes the channel when everything is recorded.
await once(process, "disconnect");
