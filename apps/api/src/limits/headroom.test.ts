/** What the dashboard, the client and the guide ask for is far from every limit, so that the limits hurt nobody who is honest. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
	buildSchema,
	type DocumentNode,
	type FragmentDefinitionNode,
	type GraphQLInputType,
	getNamedType,
	isEnumType,
	isInputObjectType,
	isListType,
	isNonNullType,
	Kind,
	Lexer,
	type OperationDefinitionNode,
	parse,
	print,
	Source,
	TokenKind,
	typeFromAST,
	validate,
	visit,
} from "graphql";
import { expect, test, vi } from "vitest";
import { costOf } from "./cost.ts";
import { documentLimits } from "./document-rule.ts";
import { COST_LIMITS, DOCUMENT_LIMITS } from "./limits.ts";

/** Half of what is allowed has to do. */
const HEADROOM = 2;
vi.mock(import("./limits.ts"), async (importOriginal) => {
	const limits = await importOriginal();
	const halved = Object.entries(limits.DOCUMENT_LIMITS).map(([name, limit]) => [name, limit / 2]);
	return { ...limits, DOCUMENT_LIMITS: Object.fromEntries(halved) as unknown as typeof limits.DOCUMENT_LIMITS };
});

/** Items of a list and of a page, which is more than any page of the dashboard asks for. */
const MANY = 20;
const PAGE = 100;

const root = join(import.meta.dirname, "..", "..", "..", "..");
const schema = buildSchema(readFileSync(join(root, "schema.graphql"), "utf8"));

/** Every GraphQL document of the sources: in `graphql` calls of the web and the client, in the guide's code. */
function definitions() {
	const files = ["apps/web/src/**/*.{ts,tsx}", "packages/client/src/*.ts", "docs/scripting.md"];
	const found = globSync(files, { cwd: root, exclude: ["**/*.test.*"] }).flatMap((path) => {
		const text = readFileSync(join(root, path), "utf8");
		const forms = path.endsWith(".md")
			? /(?:"""|'|")\s*((?:query|mutation|subscription)\b[^'"]*?\})\s*(?:"""|'|")/g
			: /graphql\(\s*`([^`]*)`/g;
		return [...text.matchAll(forms)].flatMap(([, document]) => parse(document!).definitions);
	});
	const operations = found.filter((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION);
	const fragments = new Map(
		found
			.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
			.map((node) => [node.name.value, node]),
	);
	return { operations, fragments };
}

const { operations, fragments } = definitions();

/** An operation with the fragments that it needs. */
function documentOf(operation: OperationDefinitionNode): DocumentNode {
	const needed = new Map<string, FragmentDefinitionNode>();
	const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
		visit(node, {
			FragmentSpread({ name: { value } }) {
				const fragment = fragments.get(value);
				if (!fragment || needed.has(value)) return;
				needed.set(value, fragment);
				collect(fragment);
			},
		});
	};
	collect(operation);
	return { kind: Kind.DOCUMENT, definitions: [operation, ...needed.values()] };
}

/** A large value of a type. */
function sampleOf(type: GraphQLInputType): unknown {
	if (isNonNullType(type)) return sampleOf(type.ofType);
	if (isListType(type)) return Array.from({ length: MANY }, () => sampleOf(type.ofType));
	if (isEnumType(type)) return type.getValues()[0]!.name;
	if (isInputObjectType(type)) {
		const fields = Object.values(type.getFields());
		const given = type.isOneOf ? fields.slice(0, 1) : fields.filter((field) => isNonNullType(field.type));
		return Object.fromEntries(given.map((field) => [field.name, sampleOf(field.type)]));
	}
	const scalars: Record<string, unknown> = { Int: PAGE, SafeInt: PAGE, Float: 0.5, Boolean: true };
	return scalars[getNamedType(type).name] ?? "x";
}

function tokensOf(text: string): number {
	const lexer = new Lexer(new Source(text));
	let count = 0;
	while (lexer.advance().kind !== TokenKind.EOF) count++;
	return count;
}

test("there are documents of all three to look at", () => {
	expect(operations.length).toBeGreaterThan(40);
});

test.each(
	operations.map((operation): [string, OperationDefinitionNode] => [
		operation.name?.value ?? "a query of the guide",
		operation,
	]),
)("%s stays below half of every limit", (_, operation) => {
	const document = documentOf(operation);
	expect(validate(schema, document, [documentLimits]).map(({ message }) => message)).toEqual([]);
	expect(tokensOf(print(document))).toBeLessThanOrEqual(DOCUMENT_LIMITS.tokens);
	const variables = Object.fromEntries(
		(operation.variableDefinitions ?? []).map(({ variable, type }) => [
			variable.name.value,
			sampleOf(typeFromAST(schema, type as never) as GraphQLInputType),
		]),
	);
	const { points } = costOf({ schema, document, operation, variables });
	expect(points).toBeGreaterThan(0);
	expect(points * HEADROOM).toBeLessThanOrEqual(COST_LIMITS.operation);
});
