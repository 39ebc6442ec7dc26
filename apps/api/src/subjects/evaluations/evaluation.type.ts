/** How a model fared: numbers, hits of every goal in both directions, and what each query retrieved. */
import type { schema } from "@mithridate/db";
import { Field, Float, Int, ObjectType, registerEnumType } from "type-graphql";
import { connectionType } from "../connections/connection.type.ts";
import { Image } from "../datasets/dataset.type.ts";
import { encodeId } from "../node/ids.ts";
import { Node } from "../node/node.type.ts";
import { Outcome } from "../runs/run-parts.type.ts";
import { DateTime, SafeInt } from "../scalars.ts";

export type EvaluationRow = typeof schema.evaluations.$inferSelect;
export type GoalRow = EvaluationRow["goals"][number];

const Direction = { TEXT_TO_IMAGE: "text-to-image", IMAGE_TO_TEXT: "image-to-text" } as const;

registerEnumType(Direction, {
	name: "Direction",
	description: "What asks, and what is retrieved.",
	valuesConfig: {
		TEXT_TO_IMAGE: { description: "Captions retrieve images." },
		IMAGE_TO_TEXT: { description: "Images retrieve captions." },
	},
});

export const QuerySet = { ATTACK: "attack", RANDOM: "random" } as const;
export type QuerySet = (typeof QuerySet)[keyof typeof QuerySet];

registerEnumType(QuerySet, {
	name: "QuerySet",
	description: "Which queries are meant.",
	valuesConfig: {
		ATTACK: { description: "Those that the attack misleads." },
		RANDOM: { description: "The reference line: equally many of any class against the same targets." },
	},
});

@ObjectType({ simpleResolvers: true, description: "A number with its name." })
export class NamedNumber {
	@Field(() => String, { description: "Its name." })
	name!: string;

	@Field(() => Float, { description: "Its value." })
	value!: number;
}

@ObjectType({ simpleResolvers: true, description: "Hit@K." })
export class HitRate {
	@Field(() => Int, { description: "K." })
	k!: number;

	@Field(() => Float, { description: "Share of queries with a target among the first K." })
	value!: number;
}

@ObjectType({ simpleResolvers: true, description: "An item that a query retrieved." })
export class RankedItem {
	@Field(() => Int, { description: "Zero-based place." })
	rank!: number;

	@Field(() => String, { description: "The test sample it belongs to." })
	sample!: string;

	@Field(() => String, { nullable: true, description: "Class of the sample." })
	class!: string | null;

	@Field(() => Image, { nullable: true, description: "The sample's picture." })
	image!: Image | null;

	@Field(() => String, {
		nullable: true,
		description: "The caption, where captions are retrieved; else the sample's first.",
	})
	caption!: string | null;

	@Field(() => Float, { nullable: true, description: "Cosine similarity to the query, where it was kept." })
	similarity!: number | null;

	@Field(() => Boolean, { description: "Whether it is what the attacker wants to be retrieved." })
	isTarget!: boolean;

	@Field(() => Boolean, { description: "Whether it is of the query's own class." })
	isTrueClass!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "A query and what it retrieved." })
export class QueryResult {
	@Field(() => String, { description: "`sample#number` of a caption, or `sample` of an image." })
	query!: string;

	@Field(() => String, {
		nullable: true,
		description: "The caption that asked; the image's first caption where an image asked.",
	})
	text!: string | null;

	@Field(() => Int, { description: "Zero-based rank of the best target; -1 for a query without any." })
	rank!: number;

	@Field(() => [RankedItem], { description: "The first items, best first." })
	top!: readonly RankedItem[];
}

export const QueryConnection = connectionType("Query", () => QueryResult);

@ObjectType({ simpleResolvers: true, description: "How one goal fared in one direction." })
export class GoalEvaluation {
	readonly evaluation: EvaluationRow;
	readonly row: GoalRow;
	/** Place of the goal among the run's, from 0. */
	readonly index: number;

	@Field(() => String, { description: "Class A." })
	readonly from: string;

	@Field(() => String, { description: "Class B." })
	readonly to: string;

	@Field(() => Direction, { description: "What asked, and what was retrieved." })
	readonly direction: string;

	@Field(() => Int, { description: "Items in the gallery." })
	readonly gallery: number;

	@Field(() => Int, { description: "Items that count as a hit." })
	readonly targets: number;

	@Field(() => [HitRate], { description: "Hit@K of the attacked queries." })
	readonly hits: readonly HitRate[];

	@Field(() => [HitRate], { description: "Hit@K of random queries: the reference line." })
	readonly randomHits: readonly HitRate[];

	@Field(() => Float, { description: "Mean zero-based rank of the best target over the attacked queries." })
	readonly meanMinRank: number;

	@Field(() => Float, { description: "Median of the same." })
	readonly medianMinRank: number;

	constructor(evaluation: EvaluationRow, row: GoalRow, index: number) {
		this.evaluation = evaluation;
		this.row = row;
		this.index = index;
		this.from = row.from;
		this.to = row.to;
		this.direction = row.direction;
		this.gallery = row.gallery;
		this.targets = row.targets;
		this.hits = hitRates(row.hits);
		this.randomHits = hitRates(row.randomHits);
		this.meanMinRank = row.minRank.mean;
		this.medianMinRank = row.minRank.median;
	}
}

/** `hit@10` is Hit@10. */
function hitRates(hits: Readonly<Record<string, number>>): HitRate[] {
	return Object.entries(hits)
		.map(([name, value]) => ({ k: Number(name.split("@")[1]), value }))
		.sort((a, b) => a.k - b.k);
}

@ObjectType({ simpleResolvers: true, implements: Node, description: "A model measured on the test split." })
export class Evaluation extends Node {
	/** The database's row. */
	readonly row: EvaluationRow;

	@Field(() => String, { description: "Name of the model." })
	readonly model: string;

	@Field(() => SafeInt, { nullable: true, description: "Training step it was measured at; null after training." })
	readonly step: number | null;

	@Field(() => DateTime, { description: "When." })
	readonly createdAt: Date;

	@Field(() => Outcome, { description: "Its row of the result table." })
	readonly outcome: Outcome;

	@Field(() => [NamedNumber], { description: "Every number of every metric, averaged over goals." })
	readonly numbers: readonly NamedNumber[];

	@Field(() => [GoalEvaluation], { description: "Every goal in both directions." })
	readonly goals: readonly GoalEvaluation[];

	constructor(row: EvaluationRow) {
		super(encodeId("Evaluation", row.id));
		this.row = row;
		this.model = row.model;
		this.step = row.step;
		this.createdAt = row.createdAt;
		this.outcome = row;
		this.numbers = Object.entries(row.numbers)
			.map(([name, value]) => ({ name, value }))
			.sort((a, b) => (a.name < b.name ? -1 : 1));
		const seen = new Map<string, number>();
		this.goals = row.goals.map((goal) => {
			const label = `${goal.from} ${goal.to}`;
			if (!seen.has(label)) seen.set(label, seen.size);
			return new GoalEvaluation(row, goal, seen.get(label) as number);
		});
	}
}
