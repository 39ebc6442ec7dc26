/** Where an experiment keeps what it has finished, so that a stage is never computed twice and a stopped one goes on. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { loadCheckpoint, saveCheckpoint } from "./model/checkpoint.ts";
import type { ClipModel } from "./model/clip.ts";
import { loadTrainState, saveTrainState, type TrainState } from "./train.ts";

/** Content address of a stage: a hash over all that decides its result. */
export type StageKey = string;

/** A stage of one experiment: what it is called there, and the address that all experiments with the same work share. */
export interface StageRef {
	readonly key: StageKey;
	readonly name: string;
}

/** Models and resumable training states by stage. */
export interface StageStore {
	model(stage: StageRef): Promise<ClipModel | null>;
	saveModel(stage: StageRef, model: ClipModel): Promise<void>;
	state(stage: StageRef): Promise<TrainState | null>;
	saveState(stage: StageRef, state: TrainState): Promise<void>;
}

/** SHA-256 over the canonical JSON of what decides a stage's result. */
export function stageKey(parts: Readonly<Record<string, unknown>>): StageKey {
	const ordered = JSON.stringify(parts, (_, value: unknown) =>
		value !== null && typeof value === "object" && !Array.isArray(value)
			? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
			: value,
	);
	return createHash("sha256").update(ordered).digest("hex");
}

/** A store in a folder, made at the first write: a checkpoint directory per finished stage, a state file per begun one. */
export function directoryStages(folder: string): StageStore {
	const modelPath = (key: StageKey) => join(folder, key);
	const statePath = (key: StageKey) => join(folder, `${key}.state.safetensors`);
	return {
		model: async ({ key }) => (existsSync(modelPath(key)) ? loadCheckpoint(modelPath(key)) : null),
		async saveModel({ key }, model) {
			await mkdir(folder, { recursive: true });
			await saveCheckpoint(modelPath(key), model);
			await rm(statePath(key), { force: true });
		},
		state: async ({ key }) => (existsSync(statePath(key)) ? loadTrainState(statePath(key)) : null),
		async saveState({ key }, state) {
			await mkdir(folder, { recursive: true });
			await saveTrainState(statePath(key), state);
		},
	};
}
