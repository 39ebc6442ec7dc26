/** Finds the classes that a configuration names, each with its place in the GraphQL input. */
import { formOf, type Shape } from "./shape.ts";

export interface NamedClass {
	readonly path: readonly string[];
	readonly name: string;
}

/** Every class in an engine value of this shape; `path` is where the value lies in the input. */
export function classesNamed(shape: Shape, value: unknown, path: readonly string[]): NamedClass[] {
	switch (shape.type) {
		case "string":
			return shape.isClass ? [{ path, name: value as string }] : [];
		case "list":
			return (value as readonly unknown[]).flatMap((item, at) => classesNamed(shape.item, item, [...path, String(at)]));
		case "object":
			return shape.fields.flatMap(({ name, shape: inner }) => within(inner, value, [path, name]));
		case "choice": {
			const { [shape.discriminator]: kind, params } = value as Record<string, unknown>;
			const chosen = shape.cases.find((one) => one.value === kind);
			if (!chosen) return [];
			const place = [...path, chosen.field];
			const settings = chosen.isNested ? params : value;
			return chosen.fields.flatMap(({ name, shape: inner }) =>
				formOf(chosen) === "value"
					? classesNamed(inner, (settings as Record<string, unknown>)[name], place)
					: within(inner, settings, [place, name]),
			);
		}
		default:
			return [];
	}
}

function within(shape: Shape, value: unknown, [path, name]: readonly [readonly string[], string]): NamedClass[] {
	const inner = (value as Readonly<Record<string, unknown>> | null)?.[name];
	return inner === undefined || inner === null ? [] : classesNamed(shape, inner, [...path, name]);
}
