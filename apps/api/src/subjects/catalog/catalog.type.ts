/** What the engine's registries hold, for forms and for reading. */
import { Field, Float, ObjectType, registerEnumType } from "type-graphql";
import { type FormParameter, ParameterKind } from "../../typed-config/parameters.ts";
import { experiment } from "../experiment-config.ts";

registerEnumType(ParameterKind, {
	name: "ParameterKind",
	description: "How a parameter is drawn in a form.",
	valuesConfig: {
		INT: { description: "A whole number." },
		FLOAT: { description: "A number." },
		STRING: { description: "A text." },
		BOOLEAN: { description: "Yes or no." },
		ENUM: { description: "One of `options`." },
		CLASS: { description: "A class of the data set." },
		GOALS: { description: "A list of pairs of classes, `from` and `to`." },
		CASE: { description: "Which case of a `@oneOf` input is given: one of `options`." },
	},
});

@ObjectType({ simpleResolvers: true, description: "Something that can be set." })
export class Parameter implements FormParameter {
	@Field(() => [String], {
		description:
			"Place in the matching input, segment by segment. A segment of a `@oneOf` input is the name of its case.",
	})
	path!: readonly string[];

	@Field(() => ParameterKind, { description: "How to draw it." })
	kind!: ParameterKind;

	@Field(() => String, { description: "What it means." })
	description!: string;

	@Field(() => String, { nullable: true, description: "As GraphQL literal text; null where there is none." })
	default!: string | null;

	@Field(() => Float, { nullable: true, description: "Smallest value; null for none." })
	minimum!: number | null;

	@Field(() => Float, { nullable: true, description: "Largest value; null for none." })
	maximum!: number | null;

	@Field(() => Boolean, { description: "Whether the minimum itself is too small." })
	isMinimumExclusive!: boolean;

	@Field(() => Boolean, { description: "Whether the maximum itself is too large." })
	isMaximumExclusive!: boolean;

	@Field(() => [String], { nullable: true, description: "The values of an ENUM, the cases of a CASE." })
	options!: readonly string[] | null;

	@Field(() => String, {
		nullable: true,
		description: "The case of a `@oneOf` input that it is part of; null otherwise.",
	})
	case!: string | null;

	@Field(() => Boolean, { description: "Whether a list of such values is given." })
	isList!: boolean;

	@Field(() => Boolean, { description: "Whether null is a value of its own, other than the default." })
	isNullable!: boolean;
}

@ObjectType({
	simpleResolvers: true,
	description: "An attack, a defense, a data set or an importer that can be chosen.",
})
export class CatalogEntry {
	@Field(() => String, { description: "Its field in the matching input." })
	name!: string;

	@Field(() => String, { description: "Its name for people." })
	title!: string;

	@Field(() => Boolean, { description: "Whether it is chosen when nothing is set." })
	isDefault!: boolean;

	@Field(() => String, { description: "What it does." })
	description!: string;

	@Field(() => String, { description: "Where it is taken from." })
	source!: string;

	@Field(() => String, { nullable: true, description: "Of a defense: the name of the model it makes." })
	outcome!: string | null;

	@Field(() => [Parameter], { description: "What can be set about it; paths begin inside its own input." })
	parameters!: readonly Parameter[];
}

const MetricUnit = {
	SHARE: "share",
	RANK: "rank",
	DISTANCE: "distance",
	CONTRAST: "contrast",
	DEVIATIONS: "deviations",
} as const;

registerEnumType(MetricUnit, {
	name: "MetricUnit",
	description: "What the numbers of a metric are.",
	valuesConfig: {
		SHARE: { description: "Between 0 and 1." },
		RANK: { description: "Zero-based places in a gallery." },
		DISTANCE: { description: "Cosine distances between 0 and 2." },
		CONTRAST: { description: "Between -1 and 1; 0 where nothing stands apart." },
		DEVIATIONS: { description: "Standard deviations." },
	},
});

@ObjectType({ simpleResolvers: true, description: "Something that is measured about every model." })
export class CatalogMetric {
	@Field(() => String, { description: "Its name in the engine." })
	name!: string;

	@Field(() => String, { description: "What it measures." })
	description!: string;

	@Field(() => String, { description: "Where it is taken from." })
	source!: string;

	@Field(() => MetricUnit, { description: "What its numbers are." })
	unit!: string;
}

@ObjectType({ simpleResolvers: true, description: "All that an experiment can be put together from." })
export class Catalog {
	@Field(() => [CatalogEntry], { description: "The attacks." })
	attacks!: readonly CatalogEntry[];

	@Field(() => [CatalogEntry], { description: "The defenses." })
	defenses!: readonly CatalogEntry[];

	@Field(() => [CatalogMetric], { description: "The metrics." })
	metrics!: readonly CatalogMetric[];

	@Field(() => [CatalogEntry], { description: "The data sets that can be made." })
	datasets!: readonly CatalogEntry[];

	@Field(() => [CatalogEntry], { description: "The layouts that data sets can be imported from." })
	importers!: readonly CatalogEntry[];

	@Field(() => [Parameter], { description: "What can be set about how an import stores images." })
	images!: readonly Parameter[];

	@Field(() => [Parameter], { description: "What can be set about the checkpoints." })
	checkpoints!: readonly Parameter[];

	@Field(() => [Parameter], { description: "What can be set about training." })
	training!: readonly Parameter[];

	@Field(() => [Parameter], { description: "What can be set about evaluation." })
	evaluation!: readonly Parameter[];

	@Field(() => experiment.output as never, { description: "The configuration when nothing is set." })
	defaults!: object;
}
