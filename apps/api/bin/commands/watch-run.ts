/** Shows a run while it goes: every event as JSON, or a bar for the stage at hand and the table at the end. */
import type { Client, Run } from "@mithridate/client";
import { Presets, SingleBar } from "cli-progress";
import { digits, printRows } from "../output.ts";

/** Follows a run to its end and prints what came of it. Ctrl-C stops watching; the run goes on. */
export async function watchRun(
	client: Client,
	run: Run,
	{ json, after }: { json?: boolean; after?: string },
): Promise<Run> {
	const control = new AbortController();
	process.once("SIGINT", () => control.abort());
	const display = json ? null : createDisplay(process.stderr);
	try {
		for await (const event of client.watch(run.id, { after, signal: control.signal })) {
			if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
			display?.show(event);
		}
	} finally {
		display?.close();
	}
	const ended = await client.run(run.number);
	if (json) process.stdout.write(`${JSON.stringify(ended)}\n`);
	else
		await printRows(ended.outcomes, {
			json,
			columns: [
				["model", ({ model }) => model],
				["Hit@1", ({ hitAt1 }) => digits(hitAt1)],
				["Hit@5", ({ hitAt5 }) => digits(hitAt5)],
				["Hit@10", ({ hitAt10 }) => digits(hitAt10)],
				["MinRank", ({ minRank }) => digits(minRank, 2)],
				["TR Hit@10", ({ textRetrievalAt10 }) => digits(textRetrievalAt10)],
				["IR Hit@10", ({ imageRetrievalAt10 }) => digits(imageRetrievalAt10)],
				["seconds", ({ seconds }) => digits(seconds, 1)],
			],
		});
	return ended;
}

type WatchedEvent = Client["watch"] extends (...given: never) => AsyncGenerator<infer Event, void> ? Event : never;

/** Progress on the error stream, so that standard output holds results only. */
function createDisplay(out: NodeJS.WriteStream) {
	let bar: SingleBar | null = null;
	let stage = "";
	const close = () => {
		bar?.stop();
		bar = null;
	};
	return {
		close,
		show(event: WatchedEvent) {
			if (event.__typename === "ProgressReported" && out.isTTY) {
				if (event.stage !== stage) close();
				stage = event.stage;
				bar ??= started(out, event);
				bar.update(event.done, { left: left(event.secondsLeft) });
			}
			const line = lineOf(event);
			if (line === null) return;
			close();
			out.write(`${line}\n`);
		},
	};
}

const left = (seconds: number | null) => (seconds === null ? "" : `${Math.round(seconds)} s left`);

function started(out: NodeJS.WriteStream, { stage, total }: { stage: string; total: number }): SingleBar {
	const format = "{stage} {bar} {percentage}%  {left}";
	const bar = new SingleBar(
		{ format, stream: out, hideCursor: true, clearOnComplete: true, barsize: 24 },
		Presets.shades_classic,
	);
	bar.start(total, 0, { stage: stage.padEnd(22), left: "" });
	return bar;
}

function lineOf(event: WatchedEvent): string | null {
	switch (event.__typename) {
		case "RunStatusChanged":
			return `${event.status.toLowerCase()}${event.reason ? `: ${event.reason}` : ""}`;
		case "AttackCompleted":
			return `${event.poisoned} of ${event.samples} samples poisoned (${(100 * event.poisonShare).toFixed(2)} %)`;
		case "EvaluationCompleted":
			if (event.evaluatedStep !== null) return null;
			return `${event.outcome.model}: Hit@10 ${digits(event.outcome.hitAt10)}, MinRank ${digits(event.outcome.minRank, 2)}`;
		case "DefenseReported":
			return `${event.defense}: ${event.kept} kept, ${event.poisonLeft} poisoned among them, AUROC ${digits(event.auroc, 4)}`;
		case "LogWritten":
			return event.level === "INFO" ? null : `${event.level.toLowerCase()}: ${event.message}`;
		default:
			return null;
	}
}
