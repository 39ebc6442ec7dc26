/** Lists what can be set, flat, so that a form is drawn from it without knowing any attack or defense. */
import { pascal, screaming } from "./names.ts";
import { type Case, type Field, formOf, type Shape } from "./shape.ts";
import { literal } from "./values.ts";

/** How a parameter is drawn. */
export const ParameterKind = {
	INT: "INT",
	FLOAT: "FLOAT",
	STRING: "STRING",
	BOOLEAN: "BOOLEAN",
	ENUM: "ENUM",
	CLASS: "CLASS",
	GOALS: "GOALS",
	CASE: "CASE",
} as const;

export type ParameterKind = keyof typeof ParameterKind;

export interface FormParameter {
	/** Place in the input; a segment may be the case of a `@oneOf` input. */
	readonly path: readonly string[];
	readonly kind: ParameterKind;
	readonly description: string;
	/** GraphQL literal text. */
	readonly default: string | null;
	readonly minimum: number | null;
	readonly maximum: number | null;
	readonly isMinimumExclusive: boolean;
	readonly isMaximumExclusive: boolean;
	readonly options: readonly string[] | null;
	readonly case: string | null;
	readonly isList: boolean;
	readonly isNullable: boolean;
}

/**
 * The parameters at a place: `["training"]`, or `["attack", "singleLabel"]` for the settings of a case. Paths are
 * relative to that place.
 */
export function parameters(fields: readonly Field[], [section, entry]: readonly string[]): FormParameter[] {
	const field = fields.find(({ name }) => name === section);
	const shape = field?.shape.type === "list" ? field.shape.item : field?.shape;
	if (shape?.type === "object") return shape.fields.flatMap((one) => parametersOf(one, []));
	const one = shape?.type === "choice" ? shape.cases.find(({ value }) => value === entry) : undefined;
	if (one === undefined) throw new RangeError(`Nothing can be set at ${section}.${entry}`);
	return one.fields.flatMap((field) => parametersOf(field, []));
}

interface Place {
	readonly path: readonly string[];
	/** The case of a `@oneOf` input that the place lies in. */
	readonly case?: string;
}

function parametersOf(field: Field, above: readonly string[], within?: string): FormParameter[] {
	const place = { path: [...above, field.name], ...(within !== undefined && { case: within }) };
	return ofShape(field, field.shape, place);
}

function ofShape(field: Field, shape: Shape, place: Place): FormParameter[] {
	switch (shape.type) {
		case "object":
			return shape.fields.flatMap((inner) => parametersOf(inner, place.path, place.case));
		case "choice":
			return [
				parameter(field, place, { kind: "CASE", options: shape.cases.map((one) => one.field) }),
				...shape.cases.flatMap((one) => ofCase(one, place.path)),
			];
		case "list":
			return ofList(field, shape.item, place);
		default:
			return [scalar(field, shape, place)];
	}
}

function ofCase(one: Case, above: readonly string[]): FormParameter[] {
	const path = [...above, one.field];
	const form = formOf(one);
	if (form === "object") return one.fields.flatMap((field) => parametersOf(field, path, one.field));
	if (form === "value") return one.fields.flatMap((field) => ofShape(field, field.shape, { path, case: one.field }));
	const flag = { name: one.field, description: one.description, isNullable: false };
	return [parameter(flag, { path, case: one.field }, { kind: "BOOLEAN" })];
}

/** Lists of pairs of classes are goals. Another list of objects has no form: it is set by text alone. */
function ofList(field: Field, item: Shape, place: Place): FormParameter[] {
	if (item.type === "object") {
		const isGoals = item.fields.every(({ shape }) => shape.type === "string" && shape.isClass === true);
		return isGoals ? [parameter(field, place, { kind: "GOALS", isList: true })] : [];
	}
	if (item.type === "list" || item.type === "choice") return [];
	return [{ ...scalar(field, item, place), isList: true }];
}

function scalar(
	field: Field,
	shape: Exclude<Shape, { type: "list" | "object" | "choice" }>,
	place: Place,
): FormParameter {
	if (shape.type === "enum") return parameter(field, place, { kind: "ENUM", options: shape.values.map(screaming) });
	const { type, isClass, ...limits } = shape;
	return parameter(field, place, { kind: isClass ? "CLASS" : (type.toUpperCase() as ParameterKind), ...limits });
}

function parameter(
	field: Pick<Field, "name" | "description" | "default" | "isNullable"> & { readonly shape?: Shape },
	place: Place,
	given: Partial<FormParameter> & Pick<FormParameter, "kind">,
): FormParameter {
	return {
		path: place.path,
		description: field.description,
		default: field.default === undefined || !field.shape ? null : literal(field.shape, field.default),
		minimum: null,
		maximum: null,
		isMinimumExclusive: false,
		isMaximumExclusive: false,
		options: null,
		case: place.case ?? null,
		isList: false,
		isNullable: field.isNullable,
		...given,
	};
}

/** A registry name as a title: `singleLabel` becomes "Single label". */
export function title(name: string): string {
	const spaced = pascal(name).replaceAll(
		/([a-z0-9])([A-Z])/g,
		(_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
	);
	return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
