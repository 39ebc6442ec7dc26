/** Progress on the terminal: one bar for the stage at hand with time left, one line for each finished stage. */
import { Presets, SingleBar } from "cli-progress";
import type { ExperimentEvent } from "../src/index.ts";

/** Shows events as they come. On anything but a terminal it writes one line per finished stage. */
export interface ProgressDisplay {
	show(event: ExperimentEvent): void;
	close(): void;
}

const percent = (value: number) => `${(100 * value).toFixed(2)} %`;

/** `out` is standard error, so that standard output carries results only. */
export function createProgress(out: NodeJS.WriteStream): ProgressDisplay {
	let bar: SingleBar | null = null;
	let label = "";
	const line = (text: string) => {
		stop();
		out.write(`${text}\n`);
	};
	const stop = () => {
		bar?.stop();
		bar = null;
		label = "";
	};
	const advance = (stage: string, done: number, total: number, detail: string) => {
		if (!out.isTTY) return;
		if (stage !== label) {
			stop();
			label = stage;
			bar = new SingleBar(
				{
					format: "{stage} {bar} {percentage}%  {eta_formatted} left  {detail}",
					stream: out,
					hideCursor: true,
					clearOnComplete: true,
					etaBuffer: 50,
					barsize: 24,
				},
				Presets.shades_classic,
			);
			bar.start(total, done, { stage: stage.padEnd(22), detail });
		} else bar?.update(done, { detail });
	};
	return {
		show(event) {
			switch (event.type) {
				case "experiment-start":
					line(
						`${event.dataset.name}: ${event.dataset.train} training and ${event.dataset.test} test images; ${event.runtime.name} on ${event.runtime.device}, ${event.runtime.threads} threads (${event.runtime.reason})`,
					);
					return;
				case "attack-end":
					line(
						`seed ${event.seed}: ${event.goals.map((goal) => `${goal.from}2${goal.to}`).join(", ")}, ${event.poisoned} of ${event.samples} samples poisoned (${percent(event.poisonShare)})`,
					);
					return;
				case "progress":
					advance(event.stage, event.done, event.total, "");
					return;
				case "train-step":
					advance(event.stage, event.step, event.steps, `loss ${event.loss.toFixed(3)}`);
					return;
				case "evaluation-end":
					line(
						`seed ${event.row.seed}  ${event.row.model.padEnd(10)} Hit@10 ${event.row.hitAt10.toFixed(3)}  MinRank ${event.row.minRank.toFixed(2)}  ${event.row.seconds.toFixed(1)} s`,
					);
					return;
				case "filter-end":
					line(
						`seed ${event.seed}  ${event.defense}: kept ${event.detection.kept}, poison left ${event.detection.poisonLeft}, clean lost ${event.detection.cleanLost}, AUROC ${event.detection.auroc?.toFixed(4) ?? "-"}`,
					);
			}
		},
		close: stop,
	};
}
