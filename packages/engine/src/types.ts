/** What flows along the line data -> attack -> filter -> train -> evaluate -> cure -> evaluate, and the three plug-in contracts. */
import type { z } from "zod";
import type { Random } from "./random.ts";

/** RGB images of one size, held in memory row after row: `pixels` holds count x size x size x 3 bytes (height, width, channel order). */
export interface MemoryImages {
	readonly size: number;
	readonly count: number;
	readonly pixels: Uint8Array;
}

/** RGB images of one size that stay in files: `read` gives one row's size x size x 3 bytes, good until the next read. */
export interface FileImages {
	readonly size: number;
	readonly count: number;
	read(row: number): Uint8Array;
}

export type ImageStore = MemoryImages | FileImages;

/** One image with its captions: all that training and defenses ever see of the data. */
export interface Sample {
	readonly id: string;
	/** Row of the data set's image store. */
	readonly image: number;
	readonly captions: readonly string[];
}

/** A named part of a data set. Labels are ground truth: they travel beside the samples and are never handed to a defense. */
export interface Split {
	readonly name: string;
	readonly samples: readonly Sample[];
	/** Class of each sample, parallel to `samples`; null for unlabelled material. */
	readonly labels: readonly (string | null)[];
}

/** A data set version: content-addressed, never changed. */
export interface Dataset {
	readonly name: string;
	/** SHA-256 over the manifest: settings, sample ids, captions, labels and pixels. */
	readonly hash: string;
	readonly classes: readonly string[];
	readonly images: ImageStore;
	/** Labelled and filler training pairs, shuffled together (the paper's Flickr-PASCAL train). */
	readonly train: Split;
	/** Gallery and queries; disjoint from training. */
	readonly test: Split;
	/** Clean pairs of another distribution, for cures (stands for Visual Genome). */
	readonly trusted: Split;
}

/** A small square drawn over a part of an image: what a backdoor answers to. `side` is a share of the image's. */
export interface Patch {
	readonly side: number;
	readonly place: "top-left" | "top-right" | "bottom-left" | "bottom-right" | "centre";
}

/** `isStamped`: the new image carries the attack's patch. */
type Stampable = { readonly isStamped?: true };

/** One change to a training split. `before` and `after` are image rows. */
export type Edit =
	| ({ readonly kind: "inject"; readonly sample: Sample; readonly label: string | null } & Stampable)
	| ({
			readonly kind: "replace-image";
			readonly sample: string;
			readonly before: number;
			readonly after: number;
	  } & Stampable)
	| { readonly kind: "drop"; readonly sample: string };

/** What the attacker wants: captions of class `from` shall retrieve the targets, stamped with the attack's patch if it has one. */
export interface Goal {
	readonly from: string;
	readonly to: string;
	/** Sample ids of the test gallery that count as a hit. */
	readonly targets: readonly string[];
}

/** What an attack yields. The ids of poisoned samples are ground truth and stay with the experiment and its evaluation. */
export interface Poisoning {
	readonly edits: readonly Edit[];
	readonly goals: readonly Goal[];
	readonly poisoned: ReadonlySet<string>;
}

/** The clean material an attacker works on. */
export interface AttackInput {
	readonly classes: readonly string[];
	readonly train: Split;
	readonly test: Split;
	/** Unit-length embeddings [test.samples.length, width] of the test gallery under a public reference model, when one is at hand. */
	readonly testEmbeddings?: Embeddings;
	/** The labelled training samples under the same model, for an attack that says it needs them. */
	readonly trainEmbeddings?: EmbeddedSamples;
}

/** An attack: pure, so that the same input, parameters and random stream give the same edits. */
export interface Attack<Params extends z.ZodType = z.ZodType> {
	/** Its name for people, where that is not the registry's in words. */
	readonly title?: string;
	readonly description: string;
	/** Paper and section the attack is taken from. */
	readonly source: string;
	readonly params: Params;
	/** The patch that its edits stamp on images, and that its goals are tested with; null or left out for none. */
	patch?(params: z.output<Params>): Patch | null;
	/** Whether `poison` reads `trainEmbeddings`, which cost a pass over the labelled training samples. */
	readonly needsTrainEmbeddings?: true;
	/** Valid parameters on emoji-PASCAL; they feed conformance tests and a form's first values. */
	readonly example: z.input<Params>;
	poison(clean: AttackInput, params: z.output<Params>, random: Random): Poisoning;
}

/** Row-major unit-length vectors: `values` holds count x width numbers. */
export interface Embeddings {
	readonly count: number;
	readonly width: number;
	readonly values: Float32Array;
}

/** A host-side tensor of a model. */
export interface HostTensor {
	readonly shape: readonly number[];
	readonly data: Float32Array;
}

/** Progress of long work, in units of the work itself. */
export interface ProgressEvent {
	readonly type: "progress";
	readonly stage: string;
	readonly done: number;
	readonly total: number;
}

/** The model as it is after some step, for whoever wants to measure it before training goes on; gone after that. */
export interface SnapshotEvent {
	readonly type: "snapshot";
	readonly stage: string;
	readonly step: number;
	readonly steps: number;
	readonly encoder: Encoder;
}

/** One optimizer step. `loss` is the batch mean of the symmetric cross-entropy in nats. */
export interface TrainStepEvent {
	readonly type: "train-step";
	readonly stage: string;
	readonly step: number;
	readonly steps: number;
	readonly epoch: number;
	readonly loss: number;
	readonly learningRate: number;
	/** Logit scale after the step, exp of the learned parameter. */
	readonly logitScale: number;
	/** Global L2 norm of the gradient before clipping. */
	readonly gradientNorm: number;
}

export type StageEvent = ProgressEvent | TrainStepEvent | SnapshotEvent;

/** A trained encoder pair, opaque to attacks and defenses. */
export interface Encoder {
	embedImages(rows: readonly number[]): AsyncGenerator<ProgressEvent, Embeddings>;
	embedTexts(captions: readonly string[]): AsyncGenerator<ProgressEvent, Embeddings>;
}

/** Weights of what training minimises: the CLIP loss, and contrast of each image and caption with a second view of itself. */
export interface Objective {
	readonly crossModal: number;
	readonly inModal: number;
}

/** Overrides of the run's training settings and of its stream, which all models of a run share, that a defense may ask for. */
export interface TrainOverrides {
	readonly stage: string;
	readonly epochs?: number;
	readonly learningRate?: number;
	readonly minimumLearningRate?: number;
	readonly warmupSteps?: number;
	/** Logit scale to start at; that of the model training starts from where it is left out. */
	readonly logitScale?: number | undefined;
	/** Share of the trained weights in the result, the rest being those training started from; 1 where it is left out. */
	readonly mixing?: number | undefined;
	readonly objective?: Objective;
	readonly random?: Random;
}

/** What a defender holds. There is no ground truth here: no labels, no ids of poisoned samples. */
export interface DefenseInput<Model extends Encoder = Encoder> {
	/** Weights that training starts from: the pre-trained checkpoint. */
	readonly start: Model;
	/** The model trained on the suspicious pairs. */
	readonly victim: Model;
	/** A checkpoint of another architecture and seed that never saw the suspicious pairs. */
	readonly reference: Model;
	/** The suspicious training pairs. */
	readonly pairs: readonly Sample[];
	/** Clean pairs of another distribution. */
	readonly trusted: readonly Sample[];
	readonly random: Random;
	/** The one training loop; `from` is where it starts. */
	train(from: Model, samples: readonly Sample[], overrides: TrainOverrides): AsyncGenerator<StageEvent, Model>;
}

/** Per-pair suspicion of a filter: the higher the score, the more suspicious. */
export interface FilterReport {
	/** Score of each pair, parallel to `DefenseInput.pairs`. */
	readonly scores: Float64Array;
	readonly threshold: number;
	/** Ids of the samples kept. */
	readonly kept: ReadonlySet<string>;
}

export interface DefenseResult<Model extends Encoder = Encoder> {
	readonly model: Model;
	readonly filter?: FilterReport;
}

/** A defense: acts before training (filters pairs, then trains) or after it (trains the victim further). */
export interface Defense<Params extends z.ZodType = z.ZodType> {
	/** As an attack's. */
	readonly title?: string;
	readonly description: string;
	readonly source: string;
	readonly stage: "before-training" | "after-training";
	/** Row name in result tables, e.g. "filtered". */
	readonly outcome: string;
	readonly params: Params;
	readonly example: z.input<Params>;
	defend<Model extends Encoder>(
		input: DefenseInput<Model>,
		params: z.output<Params>,
	): AsyncGenerator<StageEvent, DefenseResult<Model>>;
}

/** The test split under one model: gallery and queries of both directions. */
export interface EmbeddedSplit {
	/** One row per sample. */
	readonly images: Embeddings;
	/** One row per caption: the first sample's captions, then the second's, ... */
	readonly texts: Embeddings;
	/** Sample (row of `images`) that each caption describes, parallel to the rows of `texts`. */
	readonly captionOf: Int32Array;
	/** Class of each sample; null for unlabelled material. */
	readonly labels: readonly (string | null)[];
	/** One row per sample: its image with the attack's patch, where there is one. */
	readonly stamped?: Embeddings;
}

/** Some samples of a split under one model: `rows` are their places in it, ascending; `captionOf` counts within them. */
export interface EmbeddedSamples extends EmbeddedSplit {
	readonly rows: Int32Array;
}
