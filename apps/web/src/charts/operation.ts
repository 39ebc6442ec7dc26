"use client";
/** The operation behind what is shown, as text to run elsewhere and as an address that opens it in GraphiQL. */
import type { DefinitionNode, DocumentNode, TypeNode, ValueNode } from "graphql";
import { createContext } from "react";
import { stringifyDocument } from "urql";

export interface Operation {
	readonly document: DocumentNode;
	readonly variables: Readonly<Record<string, unknown>>;
}

/** What the charts and tables below were asked with. */
export const OperationContext = createContext<Operation | null>(null);

/** Scalars whose values are written as strings; a string of any other type is the name of an enum's value. */
const textual = new Set(["String", "ID", "Cursor", "Sha256", "DateTime"]);
const enumLike = /^[A-Z][A-Z0-9_]*$/;

function nameOf(type: TypeNode): string {
	return type.kind === "NamedType" ? type.name.value : nameOf(type.type);
}

/** A value as GraphQL writes it. Within an input object, words in capitals are taken for names of an enum. */
function literal(value: unknown, type: string): unknown {
	if (value === null || value === undefined) return { kind: "NullValue" };
	if (typeof value === "boolean") return { kind: "BooleanValue", value };
	if (typeof value === "number")
		return { kind: Number.isInteger(value) ? "IntValue" : "FloatValue", value: `${value}` };
	if (Array.isArray(value)) return { kind: "ListValue", values: value.map((one) => literal(one, type)) };
	if (typeof value === "object")
		return {
			kind: "ObjectValue",
			fields: Object.entries(value)
				.filter(([, one]) => one !== undefined)
				.map(([name, one]) => ({
					kind: "ObjectField",
					name: { kind: "Name", value: name },
					value: literal(one, ""),
				})),
		};
	const text = String(value);
	return !textual.has(type) && enumLike.test(text)
		? { kind: "EnumValue", value: text }
		: { kind: "StringValue", value: text, block: false };
}

/** The operation with its variables' values as their defaults: it runs wherever it is pasted. */
export function operationText({ document, variables }: Operation): string {
	const definitions = document.definitions.map((definition): DefinitionNode => {
		if (definition.kind !== "OperationDefinition") return definition;
		const variableDefinitions = definition.variableDefinitions?.map((one) => {
			const given = variables[one.variable.name.value];
			return given === undefined
				? one
				: { ...one, defaultValue: literal(given, nameOf(one.type)) as ValueNode as typeof one.defaultValue };
		});
		return { ...definition, ...(variableDefinitions && { variableDefinitions }) } as DefinitionNode;
	});
	const text = stringifyDocument({ kind: document.kind, definitions } as DocumentNode).trim();
	// The printer starts a new line before every string.
	return `${text.replaceAll(/([:=[,]) ?\n\s*"/g, '$1 "')}\n`;
}

/** Where GraphiQL opens with the operation and its variables in place. */
export function sandboxAddress({ document, variables }: Operation): string {
	const parameters = { query: stringifyDocument(document), variables: JSON.stringify(variables, null, 2) };
	return `/sandbox?${new URLSearchParams(parameters)}`;
}
