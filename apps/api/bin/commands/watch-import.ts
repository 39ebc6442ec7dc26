/** Shows an import while it goes: each state as JSON, or a bar, then what was left out and what came of it. */
import type { Client, DatasetImport } from "@mithridate/client";
import { Presets, SingleBar } from "cli-progress";
import { RunNotSucceeded } from "../exit.ts";

/** Rows left out that are shown on the terminal; `--json` and the dashboard have more. */
const MOST_SHOWN = 20;

/** Follows an import to its end. Ctrl-C stops watching; the import goes on. Throws `RunNotSucceeded`. */
export async function watchImport(client: Client, id: string, { json }: { json?: boolean }): Promise<void> {
	const control = new AbortController();
	process.once("SIGINT", () => control.abort());
	const display = json ? null : createDisplay(process.stderr);
	let last = null as DatasetImport | null;
	try {
		for await (const state of client.watchImport(id, control.signal)) {
			last = state;
			if (json) process.stdout.write(`${JSON.stringify(state)}\n`);
			display?.show(state);
		}
	} finally {
		display?.close();
	}
	if (!json) await tellFaults(client, id);
	if (last?.status !== "SUCCEEDED") {
		const why = last?.error ? `: ${last.error.message}` : "";
		throw new RunNotSucceeded(`The import ended as ${last?.status.toLowerCase() ?? "unknown"}${why}.`);
	}
	if (json) return;
	const counts = last.dataset?.counts.map(({ split, count }) => `${count} ${split.toLowerCase()}`).join(", ");
	process.stdout.write(`${counts}; ${last.faultCount} rows left out\nIts hash: ${last.versionHash}\n`);
}

async function tellFaults(client: Client, id: string): Promise<void> {
	let shown = 0;
	for await (const { file, row, column, reason, detail } of client.importFaults(id)) {
		if (shown++ === MOST_SHOWN) {
			process.stderr.write("and more: the dashboard and the set's bad-rows.jsonl have them\n");
			return;
		}
		process.stderr.write(`${file}, row ${row}${column ? `, ${column}` : ""}: ${reason}, ${detail}\n`);
	}
}

function createDisplay(out: NodeJS.WriteStream) {
	let bar: SingleBar | null = null;
	let status = "";
	return {
		close: () => bar?.stop(),
		show(state: DatasetImport) {
			if (state.status !== status && !out.isTTY) out.write(`${state.status.toLowerCase()}\n`);
			status = state.status;
			if (!out.isTTY || state.status !== "RUNNING") return;
			const { done, total } = state.progress;
			if (bar === null) {
				const format = "importing {bar} {value} of {total}  {left} left out";
				bar = new SingleBar(
					{ format, stream: out, hideCursor: true, clearOnComplete: true, barsize: 24 },
					Presets.shades_classic,
				);
				bar.start(total ?? done, done, { left: state.faultCount });
			}
			bar.setTotal(Math.max(total ?? 0, done));
			bar.update(done, { left: state.faultCount });
		},
	};
}
