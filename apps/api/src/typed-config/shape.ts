/** Reads a zod schema, by way of its JSON Schema, into the few shapes that both GraphQL types and forms are made from. */
import { z } from "zod";
import { camel, pascal } from "./names.ts";

export interface ScalarShape {
	readonly type: "int" | "float" | "string" | "boolean";
	readonly minimum?: number;
	readonly maximum?: number;
	/** Whether the limit itself is out of bounds. */
	readonly isMinimumExclusive?: boolean;
	readonly isMaximumExclusive?: boolean;
	/** Whether the text names a class of the data set. */
	readonly isClass?: boolean;
}

export interface EnumShape {
	readonly type: "enum";
	readonly name: string;
	readonly description: string;
	readonly values: readonly string[];
}

export interface ListShape {
	readonly type: "list";
	readonly item: Shape;
}

export interface ObjectShape {
	readonly type: "object";
	readonly name: string;
	readonly description: string;
	readonly fields: readonly Field[];
}

/** How a case is given: by its settings, by its one setting where that bears its name, or, without any, by `true`. */
export function formOf({ fields, field, isNested }: Case): "object" | "value" | "flag" {
	if (fields.length === 0) return "flag";
	return !isNested && fields.length === 1 && fields[0]?.name === field ? "value" : "object";
}

/** One of several cases, told apart in the engine's value by a literal under `discriminator`. */
export interface ChoiceShape {
	readonly type: "choice";
	readonly name: string;
	readonly description: string;
	readonly discriminator: string;
	readonly cases: readonly Case[];
}

export interface Case {
	/** The engine's literal, and the same as a GraphQL field. */
	readonly value: string;
	readonly field: string;
	/** Of its object type; the input's is the same with `Input` at the end. */
	readonly typeName: string;
	readonly description: string;
	readonly fields: readonly Field[];
	/** Registry entries keep their settings one level down, in `params`. */
	readonly isNested: boolean;
}

export interface Field {
	readonly name: string;
	readonly description: string;
	readonly shape: Shape;
	readonly default?: unknown;
	readonly isRequired: boolean;
	readonly isNullable: boolean;
}

export type Shape = ScalarShape | EnumShape | ListShape | ObjectShape | ChoiceShape;

interface JsonSchema {
	readonly type?: string | readonly string[];
	readonly title?: string;
	readonly description?: string;
	readonly default?: unknown;
	readonly const?: unknown;
	readonly enum?: readonly string[];
	readonly minimum?: number;
	readonly maximum?: number;
	readonly exclusiveMinimum?: number;
	readonly exclusiveMaximum?: number;
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
	readonly items?: JsonSchema;
	readonly prefixItems?: readonly JsonSchema[];
	readonly oneOf?: readonly JsonSchema[];
	readonly anyOf?: readonly JsonSchema[];
	/** Set by `.meta({ isClass: true })`. */
	readonly isClass?: boolean;
}

/**
 * The fields of an object schema. Nested types are named by their `title`, else after their place, which begins with
 * the name of the field.
 * @throws TypeError for a construct that has no typed form in GraphQL.
 */
export function fieldsOfSchema(schema: z.ZodType): Field[] {
	return fieldsOf(z.toJSONSchema(schema, { io: "input" }) as JsonSchema, "");
}

/** The limits zod puts on every whole number say nothing to a form. */
const isLimit = (limit: number | undefined) => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;

function fieldsOf(json: JsonSchema, owner: string): Field[] {
	return Object.entries(json.properties ?? {})
		.filter(([, field]) => field.const === undefined)
		.map(([name, field]) => {
			const { inner, isNullable } = withoutNull(field);
			const description = field.description ?? inner.description ?? `The engine's setting \`${name}\`.`;
			return {
				name,
				description,
				shape: valueShape({ ...inner, description }, owner + (pascal(name) === owner ? "Name" : pascal(name))),
				...("default" in field && { default: field.default }),
				isRequired: json.required?.includes(name) ?? false,
				isNullable,
			};
		});
}

/** "A value or null" is spelled as two types or as two schemas. */
function withoutNull(json: JsonSchema): { inner: JsonSchema; isNullable: boolean } {
	if (Array.isArray(json.type) && json.type.includes("null")) {
		const [type] = json.type.filter((one: string) => one !== "null");
		return { inner: { ...json, type: type as string }, isNullable: true };
	}
	const options = json.anyOf?.filter(({ type }) => type !== "null");
	if (options?.length === 1) return { inner: options[0] as JsonSchema, isNullable: true };
	return { inner: json, isNullable: false };
}

function valueShape(json: JsonSchema, place: string): Shape {
	const name = json.title ?? place;
	const description = json.description ?? "";
	if (json.oneOf) return choice(json.oneOf, { name, description });
	if (json.enum) return { type: "enum", name, description, values: json.enum };
	switch (json.type) {
		case "integer":
		case "number":
			return number(json);
		case "string":
			return { type: "string", ...(json.isClass && { isClass: true }) };
		case "boolean":
			return { type: "boolean" };
		case "array": {
			const item = json.prefixItems?.[0] ?? json.items;
			if (item) return { type: "list", item: valueShape({ description, ...item }, place.replace(/s$/, "")) };
			break;
		}
		case "object":
			return discriminatorOf(json) === undefined
				? { type: "object", name, description, fields: fieldsOf(json, name) }
				: choice([json], { name, description });
	}
	throw new TypeError(`No typed form for ${place}: ${JSON.stringify(json).slice(0, 200)}`);
}

function number(json: JsonSchema): ScalarShape {
	const minimum = json.exclusiveMinimum ?? json.minimum;
	const maximum = json.exclusiveMaximum ?? json.maximum;
	return {
		type: json.type === "integer" ? "int" : "float",
		...(isLimit(minimum) && { minimum }),
		...(isLimit(maximum) && { maximum }),
		...(json.exclusiveMinimum !== undefined && isLimit(minimum) && { isMinimumExclusive: true }),
		...(json.exclusiveMaximum !== undefined && isLimit(maximum) && { isMaximumExclusive: true }),
	} as ScalarShape;
}

const discriminatorOf = (json: JsonSchema) =>
	Object.entries(json.properties ?? {}).find(([, field]) => field.const !== undefined)?.[0];

function choice(
	cases: readonly JsonSchema[],
	{ name, description }: { name: string; description: string },
): ChoiceShape {
	const discriminator = discriminatorOf(cases[0] as JsonSchema);
	if (discriminator === undefined) throw new TypeError(`The cases of ${name} carry no literal that tells them apart`);
	return {
		type: "choice",
		name,
		description,
		discriminator,
		cases: cases.map((one) => {
			const tag = one.properties?.[discriminator] as JsonSchema;
			const value = String(tag.const);
			const nested = discriminator === "name" ? one.properties?.params : undefined;
			const typeName = nested ? pascal(value) + name : name + pascal(value);
			return {
				value,
				field: camel(value),
				description: tag.description ?? one.description ?? "",
				typeName,
				fields: fieldsOf(nested ?? one, typeName),
				isNested: nested !== undefined,
			};
		}),
	};
}
