/** Marks inputs as `@oneOf`, which type-graphql cannot say: graphql-js then checks literals and variables, and prints it. */
import { GraphQLInputObjectType, type GraphQLSchema } from "graphql";

/**
 * Marks the named inputs of a built schema, in place, and returns it.
 * @throws TypeError when a name is no input of the schema, or a field of it is required.
 */
export function markOneOf(schema: GraphQLSchema, names: ReadonlySet<string>): GraphQLSchema {
	for (const name of names) {
		const type = schema.getType(name);
		if (!(type instanceof GraphQLInputObjectType)) throw new TypeError(`${name} is no input of the schema`);
		type.isOneOf = true;
	}
	return schema;
}
