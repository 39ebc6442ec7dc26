/** How well a filter told poisoned from clean pairs. */
import type { schema } from "@mithridate/db";
import { Field, Float, ObjectType } from "type-graphql";
import { connectionType } from "../connections/connection.type.ts";
import { Image } from "../datasets/dataset.type.ts";
import { encodeId } from "../node/ids.ts";
import { Node } from "../node/node.type.ts";
import { SafeInt } from "../scalars.ts";

export type DefenseReportRow = typeof schema.defenseReports.$inferSelect;

@ObjectType({ simpleResolvers: true, description: "Counts of scores in 512 bins of equal width." })
export class ScoreHistogram {
	@Field(() => Float, { description: "Lower end of the first bin." })
	minimum!: number;

	@Field(() => Float, { description: "Upper end of the last bin." })
	maximum!: number;

	@Field(() => [SafeInt], { description: "Clean pairs in each bin." })
	clean!: readonly number[];

	@Field(() => [SafeInt], { description: "Poisoned pairs in each bin." })
	poisoned!: readonly number[];
}

@ObjectType({ simpleResolvers: true, description: "What a threshold would do." })
export class RocPoint {
	@Field(() => Float, { description: "Pairs with a higher score are removed." })
	threshold!: number;

	@Field(() => Float, { description: "Share of clean pairs removed." })
	falsePositiveRate!: number;

	@Field(() => Float, { description: "Share of poisoned pairs removed." })
	truePositiveRate!: number;
}

@ObjectType({ simpleResolvers: true, description: "A Gaussian of the mixture that was fitted to the scores." })
export class MixtureComponent {
	@Field(() => Float, { description: "Share of the pairs." })
	weight!: number;

	@Field(() => Float, { description: "Its mean." })
	mean!: number;

	@Field(() => Float, { description: "Its standard deviation." })
	deviation!: number;
}

@ObjectType({ simpleResolvers: true, description: "A training pair as a filter saw it." })
export class ScoredPair {
	@Field(() => String, { description: "Its name in the poisoned training split." })
	sample!: string;

	@Field(() => Float, {
		description:
			"How suspicious it looked: the cosine distance between image and captions, or the score that the filter was given instead.",
	})
	score!: number;

	@Field(() => Boolean, { description: "Whether the attack touched it." })
	isPoisoned!: boolean;

	@Field(() => Boolean, { description: "Whether the filter kept it." })
	isKept!: boolean;

	@Field(() => [String], { description: "What is said about the image." })
	captions!: readonly string[];

	@Field(() => Image, { description: "The picture that was trained on." })
	image!: Image;
}

export const ScoredPairConnection = connectionType("ScoredPair", () => ScoredPair);

@ObjectType({
	simpleResolvers: true,
	implements: Node,
	description: "How well a filter told poisoned from clean pairs.",
})
export class DefenseReport extends Node {
	/** The database's row. */
	readonly row: DefenseReportRow;

	@Field(() => String, { description: "Name of the defense." })
	readonly defense: string;

	@Field(() => Float, { description: "Pairs with a higher score were removed." })
	readonly threshold: number;

	@Field(() => SafeInt, { description: "Pairs kept." })
	readonly kept: number;

	@Field(() => SafeInt, { description: "Pairs removed." })
	readonly removed: number;

	@Field(() => SafeInt, { description: "Poisoned pairs among the kept." })
	readonly poisonLeft: number;

	@Field(() => SafeInt, { description: "Clean pairs among the removed." })
	readonly cleanLost: number;

	@Field(() => Float, { nullable: true, description: "Poisoned share of the removed; null when none was removed." })
	readonly precision: number | null;

	@Field(() => Float, { nullable: true, description: "Removed share of the poisoned; null without poison." })
	readonly recall: number | null;

	@Field(() => Float, {
		nullable: true,
		description: "Area under the ROC curve; null unless there are clean and poisoned pairs.",
	})
	readonly auroc: number | null;

	@Field(() => [MixtureComponent], { nullable: true, description: "The mixture that the threshold was read from." })
	readonly mixture: readonly MixtureComponent[] | null;

	@Field(() => ScoreHistogram, { description: "How clean and poisoned pairs were scored." })
	readonly histogram: ScoreHistogram;

	@Field(() => [RocPoint], { description: "The ROC curve; empty unless there are clean and poisoned pairs." })
	readonly roc: readonly RocPoint[];

	constructor(row: DefenseReportRow) {
		super(encodeId("DefenseReport", row.id));
		this.row = row;
		this.defense = row.defense;
		this.threshold = row.threshold;
		this.kept = row.kept;
		this.removed = row.removed;
		this.poisonLeft = row.poisonLeft;
		this.cleanLost = row.cleanLost;
		this.precision = row.precision;
		this.recall = row.recall;
		this.auroc = row.auroc;
		this.mixture = row.mixture;
		this.histogram = row.histogram;
		this.roc = row.roc;
	}
}
