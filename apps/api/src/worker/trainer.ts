/** The process that trains: one run, no database, no network. All it knows comes from its supervisor, all it finds goes there. */
import { once } from "node:events";
import { rm } from "node:fs/promises";
import type { RecordItem } from "@mithridate/db";
import { MithridateError, runExperiment } from "@mithridate/engine";
import { openChannel } from "./asking.ts";
import { registrationOf } from "./dataset-files.ts";
import { codeOf } from "./fault-codes.ts";
import { itemsOf, trainingsOf } from "./items.ts";
import { createOutbox } from "./outbox.ts";
import { createPace } from "./pace.ts";
import type { Ending, Start } from "./protocol.ts";
import { sampleUsage } from "./sampler.ts";
import { supervisedStages } from "./stages.ts";

const SAMPLE_MILLISECONDS = 2000;
const PROGRESS_MILLISECONDS = 500;

const stop = new AbortController();
const { promise: begun, resolve: begin } = Promise.withResolvers<Start>();
const channel = openChannel((message) => {
	if (message.type === "start") begin(message);
	else stop.abort(message.reason);
});
const { ask } = channel;
// Without its supervisor nothing it does is kept.
process.on("disconnect", () => process.exit(1));

async function train({ config, scratch, cacheFolder, datasetFolder, checkpointEvery, host }: Start): Promise<Ending> {
	const outbox = createOutbox(ask);
	const keys = new Map<string, string>();
	const steps = new Map<string, number>();
	const now = () => performance.now();
	const trainings = trainingsOf(config);
	const pace = createPace(trainings, now);
	let toldAt = Number.NEGATIVE_INFINITY;
	let midTraining = false;

	const progress = (item: Extract<RecordItem, { kind: "progress" }>): RecordItem[] => {
		if (item.done < item.total && now() - toldAt < PROGRESS_MILLISECONDS) return [];
		toldAt = now();
		return [item];
	};
	const stages = supervisedStages({
		ask,
		scratch,
		now,
		flush: outbox.flush,
		stepsOf: (name) => steps.get(name) ?? 0,
		async onStage({ name, key, reused }) {
			keys.set(name, key);
			await outbox.add([{ kind: "stage", name, key, reused }]);
		},
	});
	const experiment = runExperiment(config, {
		stages,
		cacheFolder,
		datasetFolder,
		checkpointEvery,
		now,
		peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
		signal: stop.signal,
		async recordDataset(made) {
			if (!(await ask("isDatasetWanted", made.hash))) return;
			const registration = await registrationOf(made, config.dataset, scratch);
			await ask("dataset", registration);
			await rm(registration.pixels);
		},
	});
	const unsample = sampleUsage(SAMPLE_MILLISECONDS, (sample) => {
		outbox.add([{ kind: "system-sample", ...sample }]).catch(() => {});
	});

	try {
		for await (const event of experiment) {
			if (event.type === "train-step") midTraining = event.step < event.steps;
			// Training saves its state before it throws; everything else is simply done again.
			if (stop.signal.aborted && !midTraining) return { outcome: "stopped" };
			await outbox.add(itemsOf(event, { host, trainings, stageKey: (stage) => keys.get(stage) ?? null }));
			if (event.type === "train-step") {
				const { stage, step, steps: total } = event;
				steps.set(stage, step);
				const secondsLeft = pace.step(stage, step, total);
				await outbox.add(progress({ kind: "progress", stage, done: step, total, secondsLeft }));
			} else if (event.type === "progress") {
				const { stage, done, total } = event;
				await outbox.add(progress({ kind: "progress", stage, done, total, secondsLeft: null }));
			}
		}
		return { outcome: "succeeded" };
	} catch (error) {
		if (!(error instanceof MithridateError)) throw error;
		if (error.code === "aborted") return { outcome: "stopped" };
		return { outcome: "failed", code: codeOf(error), message: error.message };
	} finally {
		unsample();
		await outbox.drain();
	}
}

const ending = await train(await begun);
await channel.tell({ type: "end", ending });
// The supervisor closes the channel when everything is recorded.
await once(process, "disconnect");
