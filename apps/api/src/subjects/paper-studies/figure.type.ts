/** What a study shows: tables and plots as numbers, each with its interval over seeds and the paper's beside it. */
import { createUnionType, Field, Float, Int, ObjectType, registerEnumType } from "type-graphql";

const QuantityUnit = {
	SHARE: "share",
	RANK: "rank",
	DISTANCE: "distance",
	COUNT: "count",
	NUMBER: "number",
} as const;

registerEnumType(QuantityUnit, {
	name: "QuantityUnit",
	description: "What the numbers of a figure are.",
	valuesConfig: {
		SHARE: { description: "Between 0 and 1." },
		RANK: { description: "Zero-based places in a gallery." },
		DISTANCE: { description: "Cosine distances between 0 and 2." },
		COUNT: { description: "Whole numbers." },
		NUMBER: { description: "Anything else." },
	},
});

const Wish = { HIGH: "high", LOW: "low" } as const;

registerEnumType(Wish, {
	name: "AttackersWish",
	description: "What an attacker wishes a number to be; a defender wishes the opposite.",
	valuesConfig: { HIGH: { description: "The higher, the better." }, LOW: { description: "The lower, the better." } },
});

export const StudyDataset = {
	EMOJI_PASCAL: "emoji-pascal",
	FLICKR_PASCAL: "flickr-pascal",
	COCO: "coco",
} as const;

registerEnumType(StudyDataset, {
	name: "StudyDataset",
	description: "The data sets that studies run on.",
	valuesConfig: {
		EMOJI_PASCAL: { description: "Made on the spot; small enough for two cores." },
		FLICKR_PASCAL: { description: "Flickr30k with the Pascal sentences, imported before." },
		COCO: { description: "COCO, imported before." },
	},
});

@ObjectType({ simpleResolvers: true, description: "A mean over repetitions with its 95 % interval by Student's t." })
export class Interval {
	@Field(() => Float, { description: "Mean over repetitions." })
	mean!: number;

	@Field(() => Float, { nullable: true, description: "Standard deviation over repetitions; null for one." })
	deviation!: number | null;

	@Field(() => Float, { nullable: true, description: "Lower end of the interval; null for one repetition." })
	low!: number | null;

	@Field(() => Float, { nullable: true, description: "Upper end of the interval; null for one repetition." })
	high!: number | null;

	@Field(() => Int, { description: "Repetitions." })
	n!: number;
}

@ObjectType({ simpleResolvers: true, description: "What the paper gives for the same place." })
export class PublishedNumber {
	@Field(() => StudyDataset, { description: "Data set that the paper measured it on." })
	dataset!: string;

	@Field(() => Float, { description: "The number in the paper." })
	value!: number;
}

@ObjectType({ simpleResolvers: true, description: "A number of ours beside the paper's." })
export class MeasuredNumber {
	@Field(() => Interval, { nullable: true, description: "What was measured here; null while nothing was." })
	measured!: Interval | null;

	@Field(() => [PublishedNumber], { description: "What the paper gives; empty where it gives nothing." })
	published!: readonly PublishedNumber[];
}

@ObjectType({ simpleResolvers: true, description: "What an axis or a column counts." })
export class Quantity {
	@Field(() => String, { description: "Its name for people." })
	title!: string;

	@Field(() => QuantityUnit, { description: "What its numbers are." })
	unit!: string;

	@Field(() => Wish, { nullable: true, description: "What an attacker wishes it to be; null where nobody cares." })
	attackerWants!: string | null;
}

@ObjectType({ simpleResolvers: true, description: "A column of a table." })
export class TableColumn extends Quantity {
	@Field(() => String, { description: "Its name, unique in the table." })
	name!: string;
}

@ObjectType({
	simpleResolvers: true,
	description: "Numbers that belong together: a row of a table, or bars of one kind.",
})
export class NumberSeries {
	@Field(() => String, { description: "Its name, unique in the figure." })
	name!: string;

	@Field(() => String, { description: "Its name for people." })
	title!: string;

	@Field(() => [MeasuredNumber], { description: "Parallel to the columns or groups." })
	values!: readonly MeasuredNumber[];
}

@ObjectType({ simpleResolvers: true, description: "A table." })
export class TableFigure {
	@Field(() => [TableColumn], { description: "Its columns." })
	columns!: readonly TableColumn[];

	@Field(() => [NumberSeries], { description: "Its rows." })
	rows!: readonly NumberSeries[];
}

@ObjectType({ simpleResolvers: true, description: "A point of a line." })
export class LinePoint {
	@Field(() => Float, { description: "Place on the horizontal axis." })
	x!: number;

	@Field(() => Interval, { description: "Place on the vertical axis." })
	y!: Interval;
}

@ObjectType({ simpleResolvers: true, description: "A line." })
export class Line {
	@Field(() => String, { description: "Its name, unique in the figure." })
	name!: string;

	@Field(() => String, { description: "Its name for people." })
	title!: string;

	@Field(() => [LinePoint], { description: "Its points from left to right." })
	points!: readonly LinePoint[];
}

@ObjectType({ simpleResolvers: true, description: "Lines over a common axis." })
export class LinesFigure {
	@Field(() => Quantity, { description: "The horizontal axis." })
	x!: Quantity;

	@Field(() => Quantity, { description: "The vertical axis." })
	y!: Quantity;

	@Field(() => [Line], { description: "The lines." })
	series!: readonly Line[];
}

@ObjectType({ simpleResolvers: true, description: "Bars in groups." })
export class BarsFigure {
	@Field(() => Quantity, { description: "The vertical axis." })
	y!: Quantity;

	@Field(() => [String], { description: "Titles of the groups." })
	groups!: readonly string[];

	@Field(() => [NumberSeries], { description: "One bar of each for every group." })
	series!: readonly NumberSeries[];
}

@ObjectType({ simpleResolvers: true, description: "An axis of words." })
export class CategoryAxis {
	@Field(() => String, { description: "Its name for people." })
	title!: string;

	@Field(() => [String], { description: "Its words, in order." })
	values!: readonly string[];
}

@ObjectType({ simpleResolvers: true, description: "A field of a heat map." })
export class HeatMapCell {
	@Field(() => Int, { description: "Place on the horizontal axis, from 0." })
	x!: number;

	@Field(() => Int, { description: "Place on the vertical axis, from 0." })
	y!: number;

	@Field(() => Interval, { description: "Its number." })
	value!: Interval;
}

@ObjectType({ simpleResolvers: true, description: "A number for every pair of words." })
export class HeatMapFigure {
	@Field(() => CategoryAxis, { description: "The horizontal axis." })
	x!: CategoryAxis;

	@Field(() => CategoryAxis, { description: "The vertical axis." })
	y!: CategoryAxis;

	@Field(() => Quantity, { description: "What the colours stand for." })
	value!: Quantity;

	@Field(() => [HeatMapCell], { description: "Its fields; what was not measured is left out." })
	cells!: readonly HeatMapCell[];
}

@ObjectType({ simpleResolvers: true, description: "A point of a scatter plot." })
export class ScatterPoint {
	@Field(() => String, { description: "Its name for people." })
	title!: string;

	@Field(() => String, { description: "What it has its colour from." })
	group!: string;

	@Field(() => Interval, { description: "Place on the horizontal axis." })
	x!: Interval;

	@Field(() => Interval, { description: "Place on the vertical axis." })
	y!: Interval;
}

@ObjectType({ simpleResolvers: true, description: "Points on two axes of numbers." })
export class ScatterFigure {
	@Field(() => Quantity, { description: "The horizontal axis." })
	x!: Quantity;

	@Field(() => Quantity, { description: "The vertical axis." })
	y!: Quantity;

	@Field(() => [ScatterPoint], { description: "The points." })
	points!: readonly ScatterPoint[];
}

@ObjectType({ simpleResolvers: true, description: "How one group is distributed." })
export class HistogramSeries {
	@Field(() => String, { description: "Its name, unique in the figure." })
	name!: string;

	@Field(() => String, { description: "Its name for people." })
	title!: string;

	@Field(() => [Float], { description: "Share of the group in each bin." })
	shares!: readonly number[];
}

@ObjectType({ simpleResolvers: true, description: "A vertical line in a plot." })
export class FigureMark {
	@Field(() => String, { description: "What it marks." })
	title!: string;

	@Field(() => Float, { description: "Where." })
	x!: number;
}

@ObjectType({ simpleResolvers: true, description: "Distributions over bins of equal width." })
export class HistogramFigure {
	@Field(() => Quantity, { description: "The horizontal axis." })
	x!: Quantity;

	@Field(() => Float, { description: "Lower end of the first bin." })
	minimum!: number;

	@Field(() => Float, { description: "Upper end of the last bin." })
	maximum!: number;

	@Field(() => [HistogramSeries], { description: "One distribution for each group." })
	series!: readonly HistogramSeries[];

	@Field(() => [FigureMark], { description: "Lines such as a filter's threshold." })
	marks!: readonly FigureMark[];
}

export const StudyFigure = createUnionType({
	name: "StudyFigure",
	description: "What a view of a study shows.",
	types: () => [TableFigure, LinesFigure, BarsFigure, HeatMapFigure, ScatterFigure, HistogramFigure] as const,
});
export type StudyFigure = typeof StudyFigure;
