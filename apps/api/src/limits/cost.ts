/** Prices an operation with the variables it was sent with: what asks for more items costs more, however it asks. */
import {
	type DocumentNode,
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLCompositeType,
	type GraphQLField,
	type GraphQLObjectType,
	type GraphQLSchema,
	getArgumentValues,
	getNamedType,
	getNullableType,
	getVariableValues,
	isCompositeType,
	isInterfaceType,
	isListType,
	isObjectType,
	Kind,
	type OperationDefinitionNode,
	type SelectionSetNode,
} from "graphql";
import { ApiError } from "../errors.ts";
import { COST_LIMITS } from "./limits.ts";

/** An operation's price. */
export interface Cost {
	/** Points: one for each object that may have to be made, and its share of a metric series. */
	readonly points: number;
	/** Objects that may be answered. */
	readonly nodes: number;
}

/** What is priced. */
export interface Priced {
	readonly schema: GraphQLSchema;
	readonly document: DocumentNode;
	readonly operation: OperationDefinitionNode;
	readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

const nothing: Cost = { points: 0, nodes: 0 };

/** Lists of a page, whose size the field of the page has said. */
const pageLists = new Set(["nodes", "edges"]);

/** How many items a field may answer with. */
function amountOf(
	parent: GraphQLCompositeType,
	field: GraphQLField<unknown, unknown>,
	values: Readonly<Record<string, unknown>>,
): number {
	if (parent.name.endsWith("Connection") && pageLists.has(field.name)) return 1;
	for (const name of ["first", "last"]) {
		const value = values[name];
		if (typeof value !== "number") continue;
		if (value > COST_LIMITS.page)
			throw new ApiError(
				"DOCUMENT_LIMIT",
				`${name} of ${field.name} is ${value}; at most ${COST_LIMITS.page} is allowed. Ask for pages.`,
				{ limit: name },
			);
	}
	const asked = values.first ?? values.last;
	if (typeof asked === "number") return Math.max(1, asked);
	const given = [values.ids, values.modelIds, values.keys].find(Array.isArray);
	if (given) return Math.max(1, given.length);
	if (field.args.some(({ name }) => name === "keys")) return COST_LIMITS.usualCurves;
	if (field.args.some(({ name }) => name === "first" || name === "last")) return COST_LIMITS.usualPage;
	return isListType(getNullableType(field.type)) ? COST_LIMITS.usualList : 1;
}

/** Points of one item besides what is selected of it. */
function weightOf(values: Readonly<Record<string, unknown>>): number {
	const { maxBuckets, k } = values;
	if (typeof maxBuckets === "number") return Math.max(1, maxBuckets / COST_LIMITS.bucketsPerPoint);
	return typeof k === "number" ? Math.max(1, k) : 1;
}

/** The price of an operation. Throws where a page is too large; what cannot be priced is left to validation. */
export function costOf({ schema, document, operation, variables }: Priced): Cost {
	const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
	const root = schema.getRootType(operation.operation);
	if (!coerced || !root) return nothing;
	const fragments = new Map<string, FragmentDefinitionNode>();
	for (const node of document.definitions)
		if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
	const known = new Map<string, Cost>();

	function ofField(parent: GraphQLCompositeType, node: FieldNode): Cost {
		// `__typename` and the schema's own fields cost nothing: they are answered from memory.
		const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
		if (!field) return nothing;
		const values = getArgumentValues(field, node, coerced);
		const amount = amountOf(parent, field, values);
		const type = getNamedType(field.type);
		if (!isCompositeType(type) || !node.selectionSet) return nothing;
		const inner = ofSet(type, node.selectionSet);
		return { points: amount * (weightOf(values) + inner.points), nodes: amount * (1 + inner.nodes) };
	}

	function ofFragment(name: string): Cost {
		const done = known.get(name);
		if (done) return done;
		const fragment = fragments.get(name);
		const type = fragment && schema.getType(fragment.typeCondition.name.value);
		const cost = fragment && isCompositeType(type) ? ofSet(type, fragment.selectionSet) : nothing;
		known.set(name, cost);
		return cost;
	}

	function ofSet(parent: GraphQLCompositeType, set: SelectionSetNode): Cost {
		let points = 0;
		let nodes = 0;
		for (const node of set.selections) {
			const condition = node.kind === Kind.INLINE_FRAGMENT ? node.typeCondition?.name.value : undefined;
			const type = condition === undefined ? parent : schema.getType(condition);
			const cost =
				node.kind === Kind.FIELD
					? ofField(parent, node)
					: node.kind === Kind.FRAGMENT_SPREAD
						? ofFragment(node.name.value)
						: isCompositeType(type)
							? ofSet(type, node.selectionSet)
							: nothing;
			points += cost.points;
			nodes += cost.nodes;
		}
		return { points, nodes };
	}

	const total = ofSet(root as GraphQLObjectType, operation.selectionSet);
	return { points: Math.max(1, Math.ceil(total.points)), nodes: total.nodes };
}

/** Throws where an operation costs more than any may. */
export function checkCost(cost: Cost): void {
	if (cost.points > COST_LIMITS.operation)
		throw new ApiError(
			"COST_LIMIT",
			`The operation costs ${cost.points} points; at most ${COST_LIMITS.operation} are allowed. Ask for smaller pages.`,
			{ cost: cost.points, limit: COST_LIMITS.operation },
		);
}
