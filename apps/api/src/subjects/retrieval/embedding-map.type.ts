/** Where a run's pairs lie under its models, in one plane. */
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import { Image } from "../datasets/dataset.type.ts";
import { Model } from "../models/model.type.ts";
import { SafeInt } from "../scalars.ts";

export const MapAxes = {
	PRINCIPAL: "PRINCIPAL",
	GOAL: "GOAL",
} as const;
export type MapAxes = keyof typeof MapAxes;
registerEnumType(MapAxes, {
	name: "MapAxes",
	description: "What the axes of an embedding map are.",
	valuesConfig: {
		PRINCIPAL: { description: "The two directions of most variance, by principal component analysis." },
		GOAL: {
			description:
				"From the centre of class A, at 0, to that of class B, at 1, of the run's first goal; and most variance beside it.",
		},
	},
});

export const PointKind = { IMAGE: "IMAGE", CAPTION: "CAPTION" } as const;
export type PointKind = keyof typeof PointKind;
registerEnumType(PointKind, {
	name: "PointKind",
	description: "What a point of an embedding map is.",
	valuesConfig: { IMAGE: { description: "An image." }, CAPTION: { description: "A caption." } },
});

@InputType({ description: "What to place, and under which models." })
export class EmbeddingMapInput {
	@Field(() => ID, { description: "The run, whose test split and poisoned pairs are placed." })
	runId!: string;

	@Field(() => [ID], {
		description: "The models: at most 8. The plane is fitted on the first and stays the same for all.",
	})
	modelIds!: string[];

	@Field(() => MapAxes, { defaultValue: "PRINCIPAL", description: "What the axes are." })
	axes!: MapAxes;
}

@ObjectType({ simpleResolvers: true, description: "An image or a caption of an embedding map." })
export class EmbeddedPoint {
	@Field(() => PointKind, { description: "Which of them it is." })
	kind!: PointKind;

	@Field(() => String, { description: "Its sample." })
	sample!: string;

	@Field(() => String, { nullable: true, description: "Class of a test sample, or of a poisoned pair's captions." })
	class!: string | null;

	@Field(() => String, { nullable: true, description: "The words; of an image its first caption." })
	caption!: string | null;

	@Field(() => Image, { nullable: true, description: "The picture of an image." })
	image!: Image | null;

	@Field(() => Boolean, { description: "Whether it is half of a poisoned pair." })
	isPoisoned!: boolean;

	@Field(() => Int, { description: "Place of its pair's other half among the points." })
	partner!: number;
}

@ObjectType({ simpleResolvers: true, description: "Where the points lie under one model." })
export class EmbeddedModel {
	@Field(() => Model, { description: "The model." })
	model!: Model;

	@Field(() => [Float], { description: "Along the first axis, in the order of the points." })
	xs!: readonly number[];

	@Field(() => [Float], { description: "Along the second axis, in the order of the points." })
	ys!: readonly number[];
}

@ObjectType({
	simpleResolvers: true,
	description:
		"Images and captions in a plane that was fitted once. The mean of the images and that of the captions are taken off before, since they lie far apart.",
})
export class EmbeddingMap {
	@Field(() => [Float], { description: "Share of the fitted points' variance along each axis." })
	explained!: readonly number[];

	@Field(() => [EmbeddedPoint], { description: "What is placed." })
	points!: readonly EmbeddedPoint[];

	@Field(() => [EmbeddedModel], { description: "Where it lies, model by model." })
	models!: readonly EmbeddedModel[];

	@Field(() => SafeInt, { description: "Pairs of the test split; if more than are placed, every so-manieth is." })
	testPairs!: number;

	@Field(() => Boolean, { description: "Whether the run poisoned more pairs than the first 60, which are placed." })
	hasMorePoisonedPairs!: boolean;
}
