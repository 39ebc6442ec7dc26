/** The engine's stage store inside a trainer: files pass through the scratch folder, the supervisor keeps them. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { directoryStages, type StageStore } from "@mithridate/engine";
import type { Ask } from "./asking.ts";

export interface SupervisedStages {
	readonly ask: Ask;
	/** Folder of this attempt alone, which the supervisor fills and empties. */
	readonly scratch: string;
	/** Told where each stage of the experiment comes from, before it is trained. */
	onStage(stage: { readonly name: string; readonly key: string; readonly reused: boolean }): Promise<void>;
	/** Resolves when everything that happened before a checkpoint is on its way to the supervisor. */
	flush(): Promise<void>;
	/** Steps of a stage that this attempt has seen done; 0 for none. */
	stepsOf(name: string): number;
	/** Monotonic milliseconds. */
	now(): number;
}

/** A store whose finished stages are shared by all runs and workers; a begun one goes on from its newest checkpoint. */
export function supervisedStages({ ask, scratch, onStage, flush, stepsOf, now }: SupervisedStages): StageStore {
	const local = directoryStages(scratch);
	const began = new Map<string, number>();
	const lastStep = new Map<string, number>();
	const release = (key: string) =>
		Promise.all([
			rm(join(scratch, key), { recursive: true, force: true }),
			rm(join(scratch, `${key}.state.safetensors`), { force: true }),
		]);
	const commit = async (notice: Parameters<typeof ask<"checkpoint">>[1]) => {
		await flush();
		await ask("checkpoint", notice);
		await release(notice.stage.key);
	};
	const seconds = (key: string) => (now() - (began.get(key) ?? now())) / 1000;
	return {
		async model(stage) {
			const found = await ask("stage", stage);
			await onStage({ ...stage, reused: found === "finished" });
			began.set(stage.key, now());
			const model = await local.model(stage);
			if (model) await release(stage.key);
			return model;
		},
		async state(stage) {
			const state = await local.state(stage);
			if (state) lastStep.set(stage.key, state.step);
			await release(stage.key);
			return state;
		},
		async saveState(stage, state) {
			// A stop right behind a checkpoint, or a state that was resumed from and not moved.
			if (lastStep.get(stage.key) === state.step) return;
			lastStep.set(stage.key, state.step);
			await local.saveState(stage, state);
			await commit({ stage, kind: "state", step: state.step, seconds: seconds(stage.key) });
		},
		async saveModel(stage, model) {
			await local.saveModel(stage, model);
			const step = Math.max(lastStep.get(stage.key) ?? 0, stepsOf(stage.name));
			await commit({ stage, kind: "model", step, seconds: seconds(stage.key) });
		},
	};
}
