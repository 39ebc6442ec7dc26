/** The typed form of an experiment's configuration: its GraphQL types, and the way from and to the engine's. */
import type { z } from "zod";
import { createTypes, type GraphqlType } from "./classes.ts";
import { type Field, fieldsOfSchema, type ListShape, type Shape } from "./shape.ts";
import { graphqlPath, type Issue, toEngine, toGraphql } from "./values.ts";

/** Descriptions of registry entries, by the field that chooses among them. */
export type Registries = Readonly<Record<string, Readonly<Record<string, { readonly description: string }>>>>;

/** The parsed configuration of one run, or what is wrong with it. */
export type Parsed<Config> =
	| { readonly config: Config; readonly issues?: never }
	| { readonly config?: never; readonly issues: readonly Issue[] };

export interface TypedConfig<Config> {
	readonly output: GraphqlType;
	readonly input: GraphqlType;
	/** Names of inputs to be marked `@oneOf` once the schema is built. */
	readonly oneOf: ReadonlySet<string>;
	/** The fields that have a typed form, in order; forms are drawn from them. */
	readonly fields: readonly Field[];
	/**
	 * Checks an input and fills in what it leaves out: from `base` where there is one, else the engine's defaults. Paths
	 * of faults begin at the input itself.
	 */
	parse(input: object, base?: Config): Parsed<Config>;
	/** A stored configuration as GraphQL shows it. */
	present(config: object): object;
	/** As `input`, for one of the fields alone. */
	inputOf(field: string): GraphqlType;
	/** As `inputOf`, for a field of a section. */
	fieldInput(section: string, field: string): GraphqlType;
}

/** A run has one seed; in the engine's configuration it is a list of one. */
const seedField: Field = {
	name: "seed",
	description: "Decides every draw: of poison, of batches and of random queries.",
	shape: { type: "int", minimum: 0, maximum: 2 ** 31 - 1 },
	default: 1,
	isRequired: false,
	isNullable: false,
};

const ROOT = "Experiment";

/** Makes the types of a configuration schema whose registries are `registries`. */
export function typedConfig<Schema extends z.ZodType>(
	schema: Schema,
	registries: Registries,
): TypedConfig<z.output<Schema>> {
	const types = createTypes();
	const sections = fieldsOfSchema(schema)
		.filter(({ name }) => name !== "seeds")
		.map((field) => withDescriptions(field, registries[field.name] ?? {}));
	const fields = [...sections, seedField];
	const shown = fields.map((field) => ({ ...field, shape: renamed(field.shape, "Config") }));
	const output = types.outputClass(`${ROOT}Config`, "All that decides a run's result.", shown);
	const input = types.inputClass(
		ROOT,
		"All that decides a run's result. What is left out is the engine's default.",
		fields,
	);
	const shapeOf = (name: string) => (fields.find((field) => field.name === name) as Field).shape;

	function parse(given: object, base?: z.output<Schema>): Parsed<z.output<Schema>> {
		const issues: Issue[] = [];
		const { seeds: [otherwise] = [seedField.default], ...basis } = (base ?? {}) as { seeds?: readonly unknown[] };
		const { seed = otherwise, ...rest } = toEngine(fields, given as Record<string, unknown>, {
			path: [],
			issues,
		});
		if (issues.length > 0) return { issues };
		const candidate = { ...basis, ...rest, seeds: [seed] };
		const result = schema.safeParse(candidate);
		if (result.success) return { config: result.data };
		return {
			issues: result.error.issues.map(({ path, message }) => ({ path: placeOf(candidate, path), message })),
		};
	}

	function placeOf(candidate: Readonly<Record<string, unknown>>, path: readonly PropertyKey[]): string[] {
		const [first, ...rest] = path;
		if (first === undefined) return [];
		if (first === "seeds") return ["seed"];
		const name = String(first);
		return [name, ...graphqlPath(shapeOf(name), candidate[name], rest)];
	}

	return {
		output,
		input,
		oneOf: types.oneOf,
		fields,
		parse,
		present(config) {
			const values: Readonly<Record<string, unknown>> = { ...config, seed: (config as { seeds: number[] }).seeds[0] };
			const made = new (types.classOf(`${ROOT}Config`))() as object;
			return Object.assign(
				made,
				Object.fromEntries(shown.map(({ name, shape }) => [name, toGraphql(types, shape, values[name])])),
			);
		},
		inputOf: (field) => types.input(shapeOf(field)),
		fieldInput(section, name) {
			const shape = shapeOf(section);
			const found = shape.type === "object" ? shape.fields.find((field) => field.name === name) : undefined;
			if (found === undefined) throw new RangeError(`${section} has no field ${name}`);
			return types.input(found.shape);
		},
	};
}

/** The sections' object types end in `Config`: `TrainingConfig` beside `TrainingInput`. Their members keep their names. */
function renamed(shape: Shape, suffix: string): Shape {
	if (shape.type === "list") return { ...shape, item: renamed(shape.item, suffix) };
	return shape.type === "object" || shape.type === "choice" ? { ...shape, name: shape.name + suffix } : shape;
}

/** Gives each case of a registry its entry's description. */
function withDescriptions(field: Field, entries: Registries[string]): Field {
	const shape = field.shape.type === "list" ? field.shape.item : field.shape;
	if (shape.type !== "choice") return field;
	const cases = shape.cases.map((one) => ({ ...one, description: entries[one.value]?.description ?? one.description }));
	const described = { ...shape, cases };
	return {
		...field,
		shape: field.shape.type === "list" ? ({ type: "list", item: described } satisfies ListShape) : described,
	};
}
