/** Makes type-graphql classes from shapes: object types and unions to read, inputs and `@oneOf` inputs to write. */
import {
	type ClassType,
	createUnionType,
	Field,
	Float,
	InputType,
	Int,
	ObjectType,
	registerEnumType,
} from "type-graphql";
import { screaming } from "./names.ts";
import { type Case, type ChoiceShape, type EnumShape, type Field as FieldShape, formOf, type Shape } from "./shape.ts";

/** What a `@Field` may name as its type. */
export type GraphqlType = ReturnType<NonNullable<Parameters<typeof Field>[0] & (() => unknown)>> & (object | symbol);

export interface ShapeTypes {
	output(shape: Shape): GraphqlType;
	input(shape: Shape): GraphqlType;
	/** A class with the given fields; one name stands for one class. */
	outputClass(name: string, description: string, fields: readonly FieldShape[]): ClassType;
	inputClass(name: string, description: string, fields: readonly FieldShape[]): ClassType;
	/** The class that values of a case, or of an object, are shown as. */
	classOf(name: string): ClassType;
	/** Names of inputs that take exactly one of their fields. */
	readonly oneOf: ReadonlySet<string>;
}

const scalars = { int: Int, float: Float, string: String, boolean: Boolean } as const;

/** An empty set of types, filled as shapes are asked for. */
export function createTypes(): ShapeTypes {
	const made = new Map<string, { type: GraphqlType; from: string }>();
	const oneOf = new Set<string>();

	/** Equal shapes share a type; two different ones of one name cannot. */
	function once(name: string, from: unknown, make: () => GraphqlType): GraphqlType {
		const text = JSON.stringify(from);
		const known = made.get(name);
		if (known && known.from !== text)
			throw new TypeError(`Two different types would be called ${name}: give one of their schemas another title`);
		if (known) return known.type;
		const type = make();
		made.set(name, { type, from: text });
		return type;
	}

	function output(shape: Shape): GraphqlType {
		switch (shape.type) {
			case "enum":
				return once(shape.name, shape, () => enumType(shape));
			case "list":
				return [output(shape.item)] as GraphqlType;
			case "object":
				return outputClass(shape.name, shape.description, shape.fields);
			case "choice":
				return once(shape.name, shape, () => union(shape));
			default:
				return scalars[shape.type];
		}
	}

	function input(shape: Shape): GraphqlType {
		switch (shape.type) {
			case "enum":
				return output(shape);
			case "list":
				return [input(shape.item)] as GraphqlType;
			case "object":
				return inputClass(shape.name, shape.description, shape.fields);
			case "choice":
				return once(`${shape.name}Input`, shape, () => oneOfInput(shape));
			default:
				return scalars[shape.type];
		}
	}

	function outputClass(name: string, description: string, fields: readonly FieldShape[]): ClassType {
		return once(name, { description, fields }, () => {
			const made = classNamed(name);
			ObjectType(name, { description, simpleResolvers: true })(made);
			for (const field of fields)
				addField(made, field.name, output(field.shape), {
					description: field.description,
					nullable: field.isNullable || (!field.isRequired && field.default === undefined),
				});
			return made;
		}) as ClassType;
	}

	function inputClass(name: string, description: string, fields: readonly FieldShape[]): ClassType {
		return once(`${name}Input`, { description, fields }, () => {
			const made = classNamed(`${name}Input`);
			InputType(`${name}Input`, { description })(made);
			for (const field of fields)
				addField(made, field.name, input(field.shape), {
					description: field.description,
					nullable: !field.isRequired,
				});
			return made;
		}) as ClassType;
	}

	function union(shape: ChoiceShape): GraphqlType {
		const members = shape.cases.map((one) => {
			const made = outputClass(one.typeName, one.description, [tagOf(shape, one), ...one.fields]);
			return made as ClassType<object>;
		});
		return createUnionType({
			name: shape.name,
			description: shape.description,
			types: () => members,
			resolveType: (value: object) => members.find((member) => value instanceof member),
		}) as unknown as GraphqlType;
	}

	function oneOfInput(shape: ChoiceShape): GraphqlType {
		const name = `${shape.name}Input`;
		const made = classNamed(name);
		InputType(name, { description: `${shape.description} Give exactly one.` })(made);
		oneOf.add(name);
		for (const one of shape.cases)
			addField(made, one.field, caseInput(one), { description: one.description, nullable: true });
		return made;
	}

	function caseInput(one: Case): GraphqlType {
		const form = formOf(one);
		if (form === "flag") return Boolean;
		if (form === "value") return input((one.fields[0] as FieldShape).shape);
		return inputClass(one.typeName, one.description, one.fields);
	}

	const classOf = (name: string) => made.get(name)?.type as ClassType;
	return { output, input, outputClass, inputClass, classOf, oneOf };
}

/** Says which case it is, in the engine's word. */
function tagOf({ discriminator }: ChoiceShape, { value }: Case): FieldShape {
	return {
		name: discriminator,
		description: `Always \`${value}\`: the engine's name of this case.`,
		shape: { type: "string" },
		isRequired: true,
		isNullable: false,
	};
}

/** Sentences of the form "value: what it means." in the description become those of the values. */
function enumType({ name, description, values }: EnumShape): GraphqlType {
	const members = Object.fromEntries(values.map((value) => [screaming(value), value]));
	const meaning = (value: string) =>
		new RegExp(`(?:^|\\s)${value}: ([^.]*[.])`).exec(description)?.[1] ?? `The engine's \`${value}\`.`;
	registerEnumType(members, {
		name,
		description,
		valuesConfig: Object.fromEntries(values.map((value) => [screaming(value), { description: meaning(value) }])),
	});
	return members;
}

function classNamed(name: string): ClassType {
	return { [name]: class {} }[name] as ClassType;
}

function addField(
	owner: ClassType,
	name: string,
	type: GraphqlType,
	options: { description: string; nullable: boolean },
): void {
	Field(() => type, options)(owner.prototype as object, name);
}
