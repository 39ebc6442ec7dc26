/** Asking models in words, looking at an attack before it is made, and guessing how long a run will take. */
import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import { Image } from "../datasets/dataset.type.ts";
import { RankedItem } from "../evaluations/evaluation.type.ts";
import { Model } from "../models/model.type.ts";
import { PoisonedPair } from "../runs/poisoned-pair.type.ts";
import { Goal } from "../runs/run-parts.type.ts";
import { SafeInt } from "../scalars.ts";

@InputType({ description: "What to ask, and whom." })
export class RetrieveInput {
	@Field(() => String, {
		description: "Any text of at most 1,000 characters, or `sample#number` for a caption of the data set.",
	})
	text!: string;

	@Field(() => [ID], { description: "The models: at most 8." })
	modelIds!: string[];

	@Field(() => ID, {
		nullable: true,
		description: "Whose test images are ranked; the data set of the first model's run where it is left out.",
	})
	datasetId?: string | null;

	@Field(() => Int, { defaultValue: 10, description: "Items of each model, 1 to 50." })
	k!: number;
}

@ObjectType({ simpleResolvers: true, description: "Where a class first comes." })
export class TargetRank {
	@Field(() => String, { description: "The class." })
	class!: string;

	@Field(() => Int, { description: "Zero-based rank of its best image." })
	bestRank!: number;
}

@ObjectType({ simpleResolvers: true, description: "What a model retrieves for a text." })
export class Retrieval {
	@Field(() => Model, { description: "The model." })
	model!: Model;

	@Field(() => Float, { description: "Time it took, once it was its turn." })
	milliseconds!: number;

	@Field(() => [RankedItem], { description: "The nearest images, nearest first." })
	items!: readonly RankedItem[];

	@Field(() => [TargetRank], { description: "Where every class first comes, best first." })
	targetRanks!: readonly TargetRank[];
}

@ObjectType({ simpleResolvers: true, description: "How long a run is likely to take." })
export class RunEstimate {
	@Field(() => Float, { description: "Time on one worker." })
	seconds!: number;

	@Field(() => String, { description: "What the guess rests on." })
	basis!: string;

	@Field(() => SafeInt, { description: "Training steps of all its models." })
	steps!: number;

	@Field(() => [String], { description: "What the configuration may say and is likely not meant, a sentence each." })
	advice!: string[];
}

@ObjectType({ simpleResolvers: true, description: "A class in a picture." })
export class ClassExample {
	@Field(() => String, { description: "The class." })
	class!: string;

	@Field(() => Image, { description: "A training image of it, as a data URL." })
	image!: Image;
}

@ObjectType({ simpleResolvers: true, description: "What an attack would do." })
export class AttackPreview {
	@Field(() => SafeInt, { description: "Samples it would poison." })
	poisoned!: number;

	@Field(() => SafeInt, { description: "Training samples there would be." })
	samples!: number;

	@Field(() => Float, { description: "Poisoned over all training samples." })
	poisonShare!: number;

	@Field(() => [Goal], { description: "What the attacker wants." })
	goals!: readonly Goal[];

	@Field(() => [PoisonedPair], { description: "The first pairs it would touch; their pictures are data URLs." })
	pairs!: readonly PoisonedPair[];

	@Field(() => [ClassExample], { description: "A picture of each class, also of a set that no run has used yet." })
	examples!: readonly ClassExample[];
}
