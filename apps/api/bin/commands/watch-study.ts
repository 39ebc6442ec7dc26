/** Shows a study while it goes: every event as JSON, or a line for each run that ends and how many are left. */
import type { Client, Study, StudyEvent } from "@mithridate/client";
import { digits } from "../output.ts";

/** Follows a study until none of its runs is left to be done. Ctrl-C stops watching; the study goes on. */
export async function watchStudy(
	client: Client,
	study: Study,
	{ json, after }: { json?: boolean; after?: string },
): Promise<Study> {
	const control = new AbortController();
	process.once("SIGINT", () => control.abort());
	const show = json ? print : createDisplay(process.stderr, total(study));
	for await (const told of client.watchStudy(study.id, { after, signal: control.signal })) show(told);
	const ended = await client.study(study.id);
	if (json) process.stdout.write(`${JSON.stringify(ended)}\n`);
	return ended;
}

const total = ({ counts }: Study) => counts.reduce((sum, { count }) => sum + count, 0);

const print = (told: StudyEvent) => void process.stdout.write(`${JSON.stringify(told)}\n`);

const over = new Set(["SUCCEEDED", "FAILED", "CANCELLED", "QUARANTINED"]);

function createDisplay(out: NodeJS.WriteStream, runs: number) {
	const ended = new Set<string>();
	let began: number | undefined;
	/** By the times of the events, since those of the past come all at once. */
	const left = (at: string) => {
		if (began === undefined || ended.size === 0 || ended.size >= runs) return "";
		return `, ${duration(((Date.parse(at) - began) / ended.size) * (runs - ended.size))} left`;
	};
	return ({ run, event }: StudyEvent): void => {
		const name = `run ${run.number} (${run.name}, seed ${run.seed})`;
		if (event.__typename === "EvaluationCompleted" && event.evaluatedStep === null)
			out.write(`${name}  ${event.outcome.model}: Hit@10 ${digits(event.outcome.hitAt10)}\n`);
		if (event.__typename !== "RunStatusChanged") return;
		if (event.status === "RUNNING") began ??= Date.parse(event.at);
		if (over.has(event.status)) ended.add(run.id);
		else ended.delete(run.id);
		const why = event.reason ? `: ${event.reason}` : "";
		out.write(`${name}  ${event.status.toLowerCase()}${why}  (${ended.size} of ${runs} runs ended${left(event.at)})\n`);
	};
}

function duration(milliseconds: number): string {
	const seconds = Math.round(milliseconds / 1000);
	return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
