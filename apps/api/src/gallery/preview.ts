/** The pairs an attack would poison, computed from the data set as a run would. */
import { createHash } from "node:crypto";
import {
	type AttackInput,
	attackOf,
	createEncoder,
	type Dataset,
	type Edit,
	type ExperimentConfig,
	embedLabelled,
	fingerprint,
	imageAt,
	loadDataset,
	MithridateError,
	openCheckpoints,
	openRuntime,
	type Patch,
	type Poisoning,
	Random,
	resizeStore,
	type Sample,
	stamp,
} from "@mithridate/engine";
import sharp from "sharp";
import { embeddedImages } from "./embedded.ts";
import type { PreviewImage, PreviewPair, PreviewRequest, PreviewResult } from "./protocol.ts";

/** Where embeddings are kept and imported data sets lie. */
interface Folders {
	readonly cacheFolder: string;
	readonly datasetFolder: string | undefined;
}

/** The generated data set looked at last: who fills in a form asks about the same one many times. */
let opened: { readonly key: string; readonly dataset: Dataset } | undefined;

async function open(choice: ExperimentConfig["dataset"], folders: Folders): Promise<Dataset> {
	// Its folder may have changed since.
	if (choice.name === "imported") return finish(loadDataset(choice, folders));
	const key = JSON.stringify(choice);
	if (opened?.key !== key) {
		opened = undefined;
		opened = { key, dataset: await finish(loadDataset(choice, folders)) };
	}
	return opened.dataset;
}

/** The attack of a configuration on its data set, with the first of its pairs. */
export async function preview({ config, first }: PreviewRequest, folders: Folders): Promise<PreviewResult> {
	const dataset = await open(config.dataset, folders);
	const poisoning = await poison(config, dataset, folders.cacheFolder);
	const { edits, goals, poisoned } = poisoning;
	const injected = edits.filter(({ kind }) => kind === "inject").length;
	const dropped = edits.filter(({ kind }) => kind === "drop").length;
	const samples = new Map(dataset.train.samples.map((sample, at) => [sample.id, { sample, at }]));
	const patch = attackOf(config.attack).patch?.(config.attack.params) ?? null;
	const pairs = edits.slice(0, first).map((edit) => pairOf(edit, { dataset, samples, patch }));
	return {
		poisoned: poisoned.size,
		samples: dataset.train.samples.length + injected - dropped,
		goals,
		pairs: await Promise.all(pairs),
		examples: await Promise.all(dataset.classes.flatMap((name) => exampleOf(name, dataset))),
	};
}

function exampleOf(name: string, dataset: Dataset) {
	const sample = dataset.train.samples[dataset.train.labels.indexOf(name)];
	return sample === undefined ? [] : [imageOf(dataset, sample.image).then((image) => ({ class: name, image }))];
}

/** The result of work whose progress nobody follows. */
async function finish<Result>(work: AsyncGenerator<unknown, Result>): Promise<Result> {
	let step = await work.next();
	while (!step.done) step = await work.next();
	return step.value;
}

type Embedded = Pick<AttackInput, "testEmbeddings" | "trainEmbeddings">;

/** As the experiment does it: the same seed draws the same pairs. Embeddings are made only for an attack that misses them. */
async function poison(config: ExperimentConfig, dataset: Dataset, cacheFolder: string): Promise<Poisoning> {
	const { classes, train, test } = dataset;
	const attack = attackOf(config.attack);
	const attempt = (embedded: Embedded) =>
		attack.poison(
			{ classes, train, test, ...embedded },
			config.attack.params,
			new Random(config.seeds[0] as number).split("attack"),
		);
	const embeddings = () =>
		referenceEmbeddings(config, dataset, { cacheFolder, isTrainNeeded: attack.needsTrainEmbeddings });
	if (attack.needsTrainEmbeddings) return attempt(await embeddings());
	try {
		return attempt({});
	} catch (error) {
		if (!(error instanceof MithridateError)) throw error;
		return attempt(await embeddings());
	}
}

async function referenceEmbeddings(
	config: ExperimentConfig,
	dataset: Dataset,
	{ cacheFolder, isTrainNeeded = false }: { cacheFolder: string; isTrainNeeded: boolean | undefined },
): Promise<Embedded> {
	const { reference } = await openCheckpoints(config.checkpoints);
	const runtime = await openRuntime(config.runtime);
	try {
		const images = resizeStore(dataset.images, reference.preprocess.size);
		const encoder = createEncoder({ runtime, model: reference, images });
		const rows = dataset.test.samples.map(({ image }) => image);
		const key = { modelHash: fingerprint(reference), datasetHash: dataset.hash };
		const testEmbeddings = await embeddedImages(encoder, rows, { cacheFolder, key });
		return {
			testEmbeddings,
			...(isTrainNeeded && { trainEmbeddings: await finish(embedLabelled(encoder, dataset.train)) }),
		};
	} finally {
		await runtime.dispose();
	}
}

type Samples = ReadonlyMap<string, { readonly sample: Sample; readonly at: number }>;

async function pairOf(
	edit: Edit,
	{ dataset, samples, patch }: { dataset: Dataset; samples: Samples; patch: Patch | null },
): Promise<PreviewPair> {
	const stamped = edit.kind !== "drop" && edit.isStamped ? patch : null;
	if (edit.kind === "inject") {
		const { id, captions, image } = edit.sample;
		const after = await imageOf(dataset, image, stamped);
		return { kind: edit.kind, sample: id, class: edit.label, captions, before: null, after };
	}
	const found = samples.get(edit.sample);
	if (found === undefined) throw new TypeError(`the attack edits "${edit.sample}", which is no training sample`);
	const known = {
		sample: edit.sample,
		class: dataset.train.labels[found.at] ?? null,
		captions: found.sample.captions,
		before: await imageOf(dataset, found.sample.image),
	};
	if (edit.kind === "drop") return { kind: edit.kind, ...known, after: null };
	return { kind: edit.kind, ...known, after: await imageOf(dataset, edit.after, stamped) };
}

async function imageOf({ images }: Dataset, row: number, patch: Patch | null = null): Promise<PreviewImage> {
	const { size } = images;
	const plain = imageAt(images, row);
	const pixels = patch === null ? Uint8Array.from(plain) : stamp(plain, size, patch);
	const sha256 = createHash("sha256").update(pixels).digest("hex");
	const png = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
		.png()
		.toBuffer();
	return { row, size, sha256, png };
}
