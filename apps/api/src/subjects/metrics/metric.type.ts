/** Curves of training, in columns. */
import { Field, Float, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import { Cursor, SafeInt } from "../scalars.ts";

export const DownsampleMethod = { RAW: "RAW", MIN_MAX_LAST: "MIN_MAX_LAST" } as const;
export type DownsampleMethod = keyof typeof DownsampleMethod;

registerEnumType(DownsampleMethod, {
	name: "DownsampleMethod",
	description: "How points are gathered.",
	valuesConfig: {
		RAW: { description: "Not at all: every point is a bucket." },
		MIN_MAX_LAST: {
			description: "Neighbours share a bucket with its least, greatest and last value, so that no spike is lost.",
		},
	},
});

export const NonFiniteKind = {
	NAN: "NAN",
	POSITIVE_INFINITY: "POSITIVE_INFINITY",
	NEGATIVE_INFINITY: "NEGATIVE_INFINITY",
} as const;
export type NonFiniteKind = keyof typeof NonFiniteKind;

registerEnumType(NonFiniteKind, {
	name: "NonFiniteKind",
	description: "Values that are no finite number.",
	valuesConfig: {
		NAN: { description: "Not a number." },
		POSITIVE_INFINITY: { description: "Above every number." },
		NEGATIVE_INFINITY: { description: "Below every number." },
	},
});

@InputType({ description: "Steps from one to another, both included." })
export class StepRange {
	@Field(() => SafeInt, { nullable: true, description: "First step; the first there is where it is left out." })
	from?: number | null;

	@Field(() => SafeInt, { nullable: true, description: "Last step; the last there is where it is left out." })
	to?: number | null;
}

@ObjectType({ simpleResolvers: true, description: "A curve of a run, in short." })
export class MetricKey {
	@Field(() => String, { description: "Its whole name: stage and name." })
	key!: string;

	@Field(() => String, { description: "The stage it belongs to." })
	stage!: string;

	@Field(() => String, { description: "Its name within the stage." })
	name!: string;

	@Field(() => Float, { nullable: true, description: "Newest value; null when it is no finite number." })
	last!: number | null;

	@Field(() => Float, { nullable: true, description: "Least finite value." })
	min!: number | null;

	@Field(() => Float, { nullable: true, description: "Greatest finite value." })
	max!: number | null;

	@Field(() => SafeInt, { description: "Newest step." })
	lastStep!: number;

	@Field(() => SafeInt, { description: "Points stored." })
	rawCount!: number;
}

@ObjectType({ simpleResolvers: true, description: "A point whose value is no finite number." })
export class NonFinitePoint {
	@Field(() => Int, { description: "Place of its bucket in the columns." })
	index!: number;

	@Field(() => SafeInt, { description: "Its step." })
	step!: number;

	@Field(() => NonFiniteKind, { description: "What it is." })
	kind!: NonFiniteKind;
}

@ObjectType({
	simpleResolvers: true,
	description: "A curve in columns: the same place in each column is the same bucket.",
})
export class MetricSeries {
	@Field(() => String, { description: "Its whole name: stage and name." })
	key!: string;

	@Field(() => SafeInt, { description: "Points stored in the range asked for." })
	rawCount!: number;

	@Field(() => Int, { description: "Buckets returned." })
	buckets!: number;

	@Field(() => DownsampleMethod, { description: "How points were gathered." })
	method!: DownsampleMethod;

	@Field(() => [SafeInt], { description: "Last step of each bucket." })
	steps!: readonly number[];

	@Field(() => [Float], {
		nullable: "items",
		description: "Last value of each bucket; null when it is no finite number.",
	})
	last!: readonly (number | null)[];

	@Field(() => [Float], {
		nullable: "itemsAndList",
		description: "Least finite value of each bucket; null for raw points.",
	})
	min!: readonly (number | null)[] | null;

	@Field(() => [Float], {
		nullable: "itemsAndList",
		description: "Greatest finite value of each bucket; null for raw points.",
	})
	max!: readonly (number | null)[] | null;

	@Field(() => [NonFinitePoint], { description: "Every point that is no finite number, at most 1,000." })
	nonFinite!: readonly NonFinitePoint[];

	@Field(() => SafeInt, { description: "Number of the newest event whose points are included." })
	throughSeq!: number;

	@Field(() => Cursor, { description: "Subscribe after it to get every later point, and none twice." })
	resumeCursor!: string;
}
