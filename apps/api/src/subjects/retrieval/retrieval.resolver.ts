/** Asking models in words, looking at an attack before it is made, and guessing how long a run will take. */
import { type Dataset as DatasetRow, type Run as RunRow, recentDurations } from "@mithridate/db";
import { adviceOn } from "@mithridate/engine";
import { Arg, Ctx, Int, Query, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import type { PreviewImage } from "../../gallery/protocol.ts";
import type { Image } from "../datasets/dataset.type.ts";
import { captionOf, sampleOf, showItem } from "../evaluations/ranked-item.ts";
import { experiment, parseConfig } from "../experiment-config.ts";
import { findModel } from "../models/model.resolver.ts";
import { Model, type ModelRow } from "../models/model.type.ts";
import { uuidOf } from "../node/ids.ts";
import { ask, modelFolder, type TestSplit, testSplit } from "./ask-gallery.ts";
import { estimate } from "./estimate.ts";
import { AttackPreview, Retrieval, RetrieveInput, RunEstimate } from "./retrieval.type.ts";

const MOST_CHARACTERS = 1000;
const MOST_MODELS = 8;
const MOST_ITEMS = 50;
const MOST_PREVIEWED = 100;
const PAST_RUNS = 20;

const configArgument = { description: "The run's configuration." } as const;

@Resolver()
export class RetrievalResolver {
	@Query(() => [Retrieval], {
		description: "What models retrieve for a text, one after the other; each in a process of its own.",
	})
	async retrieve(
		@Ctx() context: Context,
		@Arg("input", () => RetrieveInput, { description: "What to ask, and whom." }) input: RetrieveInput,
	): Promise<Retrieval[]> {
		checkInput(input);
		const models = await Promise.all(input.modelIds.map((id) => modelOf(context, id)));
		const dataset = await datasetOf(context, input, models);
		const split = await testSplit(context, dataset);
		const asked = await questionOf(context, input.text, dataset);
		const answers: Retrieval[] = [];
		for (const model of models) answers.push(await retrieval(context, { model, dataset, split, asked, k: input.k }));
		return answers;
	}

	@Query(() => RunEstimate, { description: "How long a run is likely to take, and what to think over before." })
	async estimateRun(
		@Ctx() { database }: Context,
		@Arg("config", () => experiment.input as never, configArgument) config: object,
	): Promise<RunEstimate> {
		const checked = parsed(config);
		return { ...estimate([checked], await recentDurations(database.db, PAST_RUNS)), advice: adviceOn(checked) };
	}

	@Query(() => AttackPreview, { description: "What an attack would do, computed as the run would do it." })
	async previewAttack(
		@Ctx() context: Context,
		@Arg("config", () => experiment.input as never, configArgument) config: object,
		@Arg("first", () => Int, { defaultValue: 24, description: "Pairs to show, 1 to 100." }) first: number,
	): Promise<AttackPreview> {
		if (first < 1 || first > MOST_PREVIEWED)
			throw new ApiError("BAD_USER_INPUT", `${first} pairs cannot be shown: give 1 to ${MOST_PREVIEWED}.`);
		const request = { kind: "preview", config: parsed(config), first } as const;
		const { poisoned, samples, goals, pairs, examples } = await ask(context, request);
		return {
			poisoned,
			samples,
			poisonShare: poisoned / samples,
			goals,
			pairs: pairs.map(({ before, after, ...pair }) => ({
				...pair,
				before: before && picture(before),
				after: after && picture(after),
			})),
			examples: examples.map(({ image, ...example }) => ({ ...example, image: picture(image) })),
		};
	}
}

function checkInput({ text, modelIds, k }: RetrieveInput): void {
	const problem =
		text.trim() === "" || text.length > MOST_CHARACTERS
			? `The text has ${text.length} characters: give 1 to ${MOST_CHARACTERS}.`
			: modelIds.length < 1 || modelIds.length > MOST_MODELS
				? `${modelIds.length} models cannot be asked: give 1 to ${MOST_MODELS}.`
				: k < 1 || k > MOST_ITEMS
					? `${k} items cannot be had: give 1 to ${MOST_ITEMS}.`
					: null;
	if (problem !== null) throw new ApiError("BAD_USER_INPUT", problem);
}

function parsed(input: object) {
	const { config, issues } = parseConfig(input);
	if (config !== undefined) return config;
	const listed = issues.map(({ path, message }) => `${["config", ...path].join(".")}: ${message}`);
	throw new ApiError("BAD_USER_INPUT", `The configuration is not valid. ${listed.join(" ")}`);
}

async function modelOf(context: Context, id: string): Promise<ModelRow> {
	const model = await findModel(context, uuidOf("Model", id));
	if (model === null) throw new ApiError("NOT_FOUND", `There is no model with the id "${id}".`);
	return model;
}

async function datasetOf(
	{ loaders }: Context,
	{ datasetId }: RetrieveInput,
	models: readonly ModelRow[],
): Promise<DatasetRow> {
	const runId = models.find((model) => model.runId !== null)?.runId ?? null;
	const uuid =
		datasetId == null
			? runId === null
				? null
				: (await loaders.run.load(runId))?.datasetId
			: uuidOf("Dataset", datasetId);
	const dataset = uuid == null ? null : await loaders.dataset.load(uuid);
	if (dataset) return dataset;
	throw new ApiError(
		"BAD_USER_INPUT",
		datasetId == null
			? "The models' runs tell no data set. Say with `datasetId` whose test images to rank."
			: `There is no data set with the id "${datasetId}".`,
	);
}

interface Question {
	readonly text: string;
	/** Class of the caption that was named. */
	readonly trueClass: string | null;
}

/** The caption that `sample#number` names, or the words themselves. */
async function questionOf({ loaders }: Context, text: string, { id: datasetId }: DatasetRow): Promise<Question> {
	const pair = /#\d+$/.test(text) ? await loaders.pair.load({ datasetId, sample: sampleOf(text) }) : null;
	return { text: captionOf(text, pair) ?? text, trueClass: pair?.class ?? null };
}

async function retrieval(
	context: Context,
	{
		model,
		dataset,
		split,
		asked,
		k,
	}: { model: ModelRow; dataset: DatasetRow; split: TestSplit; asked: Question; k: number },
): Promise<Retrieval> {
	const shown = new Model(model);
	const { items, targetRanks, milliseconds } = await ask(context, {
		kind: "retrieve",
		folder: await modelFolder(context, model),
		modelHash: shown.sha256,
		images: split.images,
		text: asked.text,
		k,
	});
	const run = model.runId === null ? null : await context.loaders.run.load(model.runId);
	const targets = targetsOf(run, asked);
	return {
		model: shown,
		milliseconds,
		targetRanks,
		items: items.map(({ position, similarity }, rank) => {
			const pair = split.pairs[position] ?? null;
			const isTarget = (sample: string) => targets.has(sample);
			return showItem({
				rank,
				name: pair?.sample ?? "",
				pair,
				dataset,
				similarity,
				trueClass: asked.trueClass,
				isTarget,
			});
		}),
	};
}

/** Samples the attacker wants for this question: of its own class's goals, or of all where it has no class. */
function targetsOf(run: RunRow | null, { trueClass }: Question): ReadonlySet<string> {
	const goals = run?.goals.filter(({ from }) => trueClass === null || from === trueClass) ?? [];
	return new Set(goals.flatMap((goal) => goal.targets));
}

function picture({ size, sha256, png }: PreviewImage): Image {
	return { url: `data:image/png;base64,${Buffer.from(png).toString("base64")}`, width: size, height: size, sha256 };
}
