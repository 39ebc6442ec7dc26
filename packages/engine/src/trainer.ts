/** Binds runtime, images and settings once, so that the experiment and its defenses only say what to train on. */
import { stampedImages } from "./data/patch.ts";
import { resizeStore } from "./data/resize.ts";
import type { ClipModel } from "./model/clip.ts";
import { createEncoder } from "./model/encoder.ts";
import { fingerprint } from "./model/fingerprint.ts";
import type { Random } from "./random.ts";
import type { Runtime } from "./runtime/contract.ts";
import { type StageStore, stageKey } from "./stages.ts";
import { TrainingAborted, type TrainOptions, train } from "./train.ts";
import type { Encoder, ImageStore, Patch, Sample, StageEvent, TrainOverrides } from "./types.ts";

/** A model that can embed the data set's images and any captions. */
export interface TrainedModel extends Encoder {
	readonly clip: ClipModel;
	/** SHA-256 over the weights. */
	readonly hash: string;
	/** Frees the runtime's buffers; the host-side weights stay. */
	dispose(): void;
}

export interface TrainerSettings {
	readonly runtime: Runtime;
	readonly images: ImageStore;
	/** Content hash of the data set whose image rows samples name. */
	readonly datasetHash: string;
	/** An attack's patch: samples may then name rows of `stampedImages`. */
	readonly patch: Patch | null;
	readonly options: TrainOptions;
	readonly stages: StageStore;
	/** Steps between two saved training states. */
	readonly checkpointEvery: number;
	/** Models shown within a stage's training. */
	snapshots(stage: string): number;
	readonly signal?: AbortSignal | undefined;
}

export interface Trainer {
	/** Wraps host-side weights for embedding. */
	open(clip: ClipModel): TrainedModel;
	/** Trains `from` on samples. What the stage store has finished is taken from there; what it has begun goes on. */
	train(
		from: TrainedModel,
		samples: readonly Sample[],
		how: TrainOverrides & { readonly random: Random },
	): AsyncGenerator<StageEvent, TrainedModel>;
	/** Frees every model it opened. */
	dispose(): void;
}

/** A trainer for one data set on one runtime. */
export function createTrainer(given: TrainerSettings): Trainer {
	const { runtime, datasetHash, patch, options, stages, signal } = given;
	const images = patch === null ? given.images : stampedImages(given.images, patch);
	const opened: TrainedModel[] = [];
	const imagesFor = (clip: ClipModel): ImageStore => resizeStore(images, clip.preprocess.size);
	const load = (clip: ClipModel) => createEncoder({ runtime, model: clip, images: imagesFor(clip) });
	const open = (clip: ClipModel): TrainedModel => {
		const encoder = load(clip);
		const model = { ...encoder, clip, hash: fingerprint(clip) };
		opened.push(model);
		return model;
	};

	return {
		open,
		async *train(from, samples, { stage, random, objective, logitScale, mixing, ...overrides }) {
			const settings = { ...options, ...overrides };
			const key = stageKey({
				datasetHash,
				from: from.hash,
				samples,
				settings,
				...(objective && { objective }),
				...(logitScale !== undefined && { logitScale }),
				...(mixing !== undefined && { mixing }),
				// What was trained on unstamped images alone is the same with any patch.
				...(samples.some(({ image }) => image >= given.images.count) && { patch }),
				seed: random.key,
				runtime: runtime.name,
				device: runtime.device,
			});
			const ref = { key, name: stage };
			const finished = await stages.model(ref);
			if (finished) return open(finished);
			const resume = await stages.state(ref);
			const save = (state: Parameters<StageStore["saveState"]>[1]) => stages.saveState(ref, state);
			try {
				const { model } = yield* train({
					runtime,
					model: from.clip,
					images: imagesFor(from.clip),
					samples,
					options: settings,
					objective,
					logitScale,
					mixing,
					random,
					stage,
					checkpoint: { everySteps: given.checkpointEvery, save },
					snapshots: { count: given.snapshots(stage), open: load },
					...(signal && { signal }),
					...(resume && { resume }),
				});
				await stages.saveModel(ref, model);
				return open(model);
			} catch (error) {
				if (error instanceof TrainingAborted) await save(error.state);
				throw error;
			}
		},
		dispose() {
			for (const model of opened) model.dispose();
		},
	};
}
