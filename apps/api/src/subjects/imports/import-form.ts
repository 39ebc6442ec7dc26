/** The typed form of an import: its GraphQL inputs, the way to the engine's request, and what forms are drawn from. */
import { ImportOptions, importers } from "@mithridate/engine";
import { z } from "zod";
import { createTypes, type GraphqlType } from "../../typed-config/classes.ts";
import { type FormParameter, parameters, title } from "../../typed-config/parameters.ts";
import { type Field, fieldsOfSchema, type Shape } from "../../typed-config/shape.ts";
import { graphqlPath, type Issue, toEngine } from "../../typed-config/values.ts";

const cases = Object.entries(importers).map(([name, { params }]) =>
	z.strictObject({ name: z.literal(name), params: (params as z.ZodObject).prefault({}) }),
);
const Form = ImportOptions.extend({
	importer: z
		.discriminatedUnion("name", cases as unknown as [(typeof cases)[number], ...typeof cases])
		.describe("Which layout the set has, and the settings of its importer."),
});

const fields = fieldsOfSchema(Form).map((field) =>
	field.shape.type === "choice" ? { ...field, shape: described(field.shape) } : field,
);

function described(shape: Extract<Shape, { type: "choice" }>): Shape {
	const described = importers as Readonly<Record<string, { readonly description: string }>>;
	return {
		...shape,
		cases: shape.cases.map((one) => ({ ...one, description: described[one.value]!.description })),
	};
}

const types = createTypes();
const shapeOf = (name: string) => (fields.find((field) => field.name === name) as Field).shape;

/** Names of inputs to be marked `@oneOf` once the schema is built. */
export const importOneOf: ReadonlySet<string> = types.oneOf;
export const importInputs: Readonly<Record<"importer" | "images", GraphqlType>> = {
	importer: types.input(shapeOf("importer")),
	images: types.input(shapeOf("images")),
};

/** What is asked for, as it is stored; or what is wrong with it. */
export type ParsedImport =
	| { readonly kind: string; readonly settings: z.output<typeof ImportOptions> & { readonly params: object } }
	| { readonly issues: readonly Issue[] };

/** Checks an input and fills in what it leaves out. Paths of faults begin at the input itself. */
export function parseImport(given: object): ParsedImport {
	const issues: Issue[] = [];
	const candidate = toEngine(fields, given as Record<string, unknown>, { path: [], issues });
	if (issues.length > 0) return { issues };
	const result = Form.safeParse(candidate);
	if (!result.success)
		return {
			issues: result.error.issues.map(({ path: [first, ...rest], message }) => {
				const name = String(first);
				return { path: [name, ...graphqlPath(shapeOf(name), candidate[name], rest)], message };
			}),
		};
	const { importer, ...options } = result.data;
	return { kind: importer.name, settings: { ...options, params: importer.params as object } };
}

/** The importers, for forms. */
export const importerEntries = Object.entries(importers).map(([name, { description, source }]) => ({
	name,
	title: title(name),
	isDefault: false,
	description,
	source,
	outcome: null,
	parameters: parameters(fields, ["importer", name]),
}));

/** How images are stored, for forms. */
export const imageParameters: readonly FormParameter[] = parameters(fields, ["images"]);
