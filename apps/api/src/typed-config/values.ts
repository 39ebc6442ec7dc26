/** Carries configurations between GraphQL and the engine, both ways, and says where in the GraphQL input a fault lies. */

import type { ShapeTypes } from "./classes.ts";
import { screaming } from "./names.ts";
import { type Case, type ChoiceShape, type Field, formOf, type Shape } from "./shape.ts";

/** What is wrong with an input, and where. */
export interface Issue {
	readonly path: readonly string[];
	readonly message: string;
}

type Values = Readonly<Record<string, unknown>>;

/** Longest text and list inside a configuration; the engine's own limits are tighter where it has any. */
const MOST_CHARACTERS = 200;
const MOST_ITEMS = 100;

/** The engine's form of a GraphQL input. Faults that the engine cannot see are added to `issues`. */
export function toEngine(
	fields: readonly Field[],
	given: Values,
	at: { path: readonly string[]; issues: Issue[] },
): Values {
	return Object.fromEntries(
		fields.flatMap((field) => {
			const value = given[field.name];
			// Null means "the default", save where the engine has a meaning for it.
			if (value === undefined || (value === null && !field.isNullable)) return [];
			return [[field.name, engineValue(field.shape, value, { ...at, path: [...at.path, field.name] })]];
		}),
	);
}

function engineValue(shape: Shape, value: unknown, at: { path: readonly string[]; issues: Issue[] }): unknown {
	if (value === null) return null;
	switch (shape.type) {
		case "list": {
			const items = value as readonly unknown[];
			if (items.length > MOST_ITEMS)
				at.issues.push({ path: at.path, message: `${items.length} items are too many: give at most ${MOST_ITEMS}.` });
			return items.map((item, index) => engineValue(shape.item, item, { ...at, path: [...at.path, String(index)] }));
		}
		case "object":
			return toEngine(shape.fields, value as Values, at);
		case "choice":
			return engineChoice(shape, value as Values, at);
		case "string": {
			const { length } = value as string;
			if (length > MOST_CHARACTERS)
				at.issues.push({
					path: at.path,
					message: `${length} characters are too many: give at most ${MOST_CHARACTERS}.`,
				});
			return value;
		}
		default:
			return value;
	}
}

function engineChoice(
	{ cases, discriminator, name }: ChoiceShape,
	value: Values,
	at: { path: readonly string[]; issues: Issue[] },
): unknown {
	const given = cases.filter(({ field }) => value[field] !== undefined && value[field] !== null);
	const [one] = given;
	if (one === undefined || given.length > 1) {
		const fields = cases.map(({ field }) => field).join(", ");
		at.issues.push({
			path: at.path,
			message: `${given.length} cases of ${name} are given: give exactly one of ${fields}.`,
		});
		return undefined;
	}
	const inside = { ...at, path: [...at.path, one.field] };
	const settings = caseSettings(one, value[one.field], inside);
	return { [discriminator]: one.value, ...(one.isNested ? { params: settings } : settings) };
}

function caseSettings(one: Case, value: unknown, at: { path: readonly string[]; issues: Issue[] }): Values {
	switch (formOf(one)) {
		case "flag":
			if (value !== true)
				at.issues.push({ path: at.path, message: "false chooses nothing: give true, or another case." });
			return {};
		case "value": {
			const [field] = one.fields as [Field];
			return { [field.name]: engineValue(field.shape, value, at) };
		}
		case "object":
			return toEngine(one.fields, value as Values, at);
	}
}

/** An engine value as the instance of the class that GraphQL shows it as. */
export function toGraphql(types: ShapeTypes, shape: Shape, value: unknown): unknown {
	if (value === null || value === undefined) return null;
	if (shape.type === "list") return (value as readonly unknown[]).map((item) => toGraphql(types, shape.item, item));
	if (shape.type === "object") return instance(types, { name: shape.name, fields: shape.fields }, value as Values);
	if (shape.type !== "choice") return value;
	const values = value as Values;
	const one = shape.cases.find((one) => one.value === values[shape.discriminator]);
	if (one === undefined) throw new TypeError(`${shape.name} has no case "${String(values[shape.discriminator])}"`);
	const settings = (one.isNested ? values.params : values) as Values;
	const made = instance(types, { name: one.typeName, fields: one.fields }, settings);
	return Object.assign(made, { [shape.discriminator]: one.value });
}

function instance(
	types: ShapeTypes,
	{ name, fields }: { name: string; fields: readonly Field[] },
	values: Values,
): object {
	const shown = fields.map((field) => [field.name, toGraphql(types, field.shape, values[field.name])]);
	return Object.assign(new (types.classOf(name))() as object, Object.fromEntries(shown));
}

/** Where in the GraphQL input the place `path` of the engine's value stands. */
export function graphqlPath(shape: Shape, value: unknown, path: readonly PropertyKey[]): string[] {
	const [step, ...rest] = path;
	if (step === undefined) return [];
	const key = String(step);
	if (shape.type === "list")
		return [key, ...graphqlPath(shape.item, (value as readonly unknown[] | undefined)?.[Number(key)], rest)];
	if (shape.type === "object") return fieldPath(shape.fields, value as Values | undefined, path);
	if (shape.type !== "choice") return path.map(String);
	const values = value as Values | undefined;
	const one = shape.cases.find((one) => one.value === values?.[shape.discriminator]);
	if (one === undefined) return path.map(String);
	const settings = (one.isNested ? values?.[key] : values) as Values | undefined;
	const inner = fieldPath(one.fields, settings, one.isNested ? rest : path);
	return formOf(one) === "value" ? inner : [one.field, ...inner];
}

function fieldPath(fields: readonly Field[], values: Values | undefined, path: readonly PropertyKey[]): string[] {
	const [step, ...rest] = path;
	if (step === undefined) return [];
	const field = fields.find(({ name }) => name === String(step));
	if (field === undefined) return path.map(String);
	return [field.name, ...graphqlPath(field.shape, values?.[field.name], rest)];
}

/** An engine value as GraphQL literal text. */
export function literal(shape: Shape, value: unknown): string {
	if (value === null || value === undefined) return "null";
	switch (shape.type) {
		case "enum":
			return screaming(String(value));
		case "list":
			return `[${(value as readonly unknown[]).map((item) => literal(shape.item, item)).join(", ")}]`;
		case "object":
			return literalObject(shape.fields, value as Values);
		case "choice": {
			const values = value as Values;
			const one = shape.cases.find((one) => one.value === values[shape.discriminator]) as Case;
			const form = formOf(one);
			const [field] = one.fields;
			if (form === "flag" || field === undefined) return `{ ${one.field}: true }`;
			if (form === "value") return `{ ${one.field}: ${literal(field.shape, values[field.name])} }`;
			return `{ ${one.field}: ${literalObject(one.fields, (one.isNested ? values.params : values) as Values)} }`;
		}
		default:
			return JSON.stringify(value);
	}
}

function literalObject(fields: readonly Field[], values: Values | undefined): string {
	const given = fields.filter(({ name }) => values?.[name] !== undefined);
	if (given.length === 0) return "{}";
	return `{ ${given.map(({ name, shape }) => `${name}: ${literal(shape, values?.[name])}`).join(", ")} }`;
}
