/** Progress of jobs on the terminal: one bar over all models with the time left, one line for each model measured. */
import { Presets, SingleBar } from "cli-progress";
import { createTimeLeft, type StudyEvent, type TimeLeft } from "../src/index.ts";

/** `out` is standard error, so that standard output carries results only; `lanes` run at the same time. */
export function createProgress(out: NodeJS.WriteStream, lanes: number) {
	let bar: SingleBar | null = null;
	let models = 0;
	let done = 0;
	let time: TimeLeft | null = null;
	const left = () => {
		const milliseconds = time?.estimate() ?? null;
		if (milliseconds === null) return "time left unknown";
		const seconds = milliseconds / 1000;
		return seconds < 90 ? `${Math.round(seconds)} s left` : `${Math.round(seconds / 60)} min left`;
	};
	const update = (detail: string) => bar?.update(Math.floor(done), { left: left(), detail });
	const line = (text: string) => {
		if (bar === null) out.write(`${text}\n`);
		else {
			// The bar's line is cleared, and drawn again under the new one.
			bar.stop();
			out.write(`${text}\n`);
			bar = started();
		}
	};
	const started = () => {
		const made = new SingleBar(
			{
				format: "{bar} {value} of {total} models  {left}  {detail}",
				stream: out,
				hideCursor: true,
				clearOnComplete: true,
				barsize: 24,
			},
			Presets.shades_classic,
		);
		made.start(models, Math.floor(done), { left: left(), detail: "" });
		return made;
	};
	return {
		show(event: StudyEvent) {
			switch (event.type) {
				case "plan":
					models = event.models;
					time = createTimeLeft(event.kinds, lanes);
					line(`${event.jobs} experiments with ${models} models to measure; what is known already is taken over`);
					if (out.isTTY && models > 0) bar = started();
					return;
				case "unit-start":
					time?.begin(unitOf(event), performance.now());
					return;
				case "record": {
					const { seed, model, step, steps, numbers } = event.record;
					if (step === null) {
						done++;
						time?.measured(unitOf(event), event.record, performance.now());
					}
					const at = step === null ? "" : ` after ${step} of ${steps} steps`;
					const hit = numbers["text-to-image/attack/hit@10"]?.toFixed(3) ?? "-";
					line(`seed ${seed}  ${model}${at}: Hit@10 ${hit}  (${done} of ${models}, ${left()})`);
					return;
				}
				case "experiment":
					if (event.event.type === "train-step")
						update(`${event.event.stage} ${event.event.step} of ${event.event.steps}`);
					if (event.event.type === "progress") update(event.event.stage);
			}
		},
		close() {
			bar?.stop();
			bar = null;
		},
	};
}

function unitOf({ key, seed }: { readonly key: string; readonly seed: number }): string {
	return `${key} ${seed}`;
}
