/** The permission table: which scope each root field and each type needs. What is not named here is refused to everybody. */
import {
	type DocumentNode,
	type GraphQLSchema,
	getNamedType,
	isIntrospectionType,
	isObjectType,
	TypeInfo,
	visit,
	visitWithTypeInfo,
} from "graphql";
import { ApiError } from "../errors.ts";
import type { Scope, Viewer } from "./roles.ts";

/** A scope, or that any caller who showed a token will do. */
type Rule = Scope | "anyone";

const rootFields: Readonly<Record<string, readonly string[]>> = {
	anyone: ["Query.serverInfo", "Query.viewer", "Query.rateLimit"],
	"runs-read": [
		"Query.node",
		"Query.nodes",
		"Query.catalog",
		"Query.datasets",
		"Query.dataset",
		"Query.datasetImports",
		"Query.datasetImport",
		"Query.models",
		"Query.shippedModels",
		"Query.studies",
		"Query.study",
		"Query.studyDefinitions",
		"Query.studyDefinition",
		"Query.runs",
		"Query.run",
		"Query.runGroups",
		"Query.configDiff",
		"Query.retrieve",
		"Query.embeddingMap",
		"Query.estimateRun",
		"Query.previewAttack",
		"Query.workers",
		"Query.queue",
		"Subscription.runEvents",
		"Subscription.studyEvents",
		"Subscription.datasetImportChanges",
	],
	"runs-write": [
		"Mutation.startRun",
		"Mutation.startStudy",
		"Mutation.startDefinedStudy",
		"Mutation.startMissingRuns",
		"Mutation.cancelRuns",
		"Mutation.pauseRuns",
		"Mutation.resumeRuns",
		"Mutation.retryRuns",
		"Mutation.setRunPriority",
		"Mutation.annotateRun",
		"Mutation.archiveRuns",
		"Mutation.restoreRuns",
		"Mutation.deleteRuns",
		"Mutation.annotateStudy",
		"Mutation.archiveStudy",
		"Mutation.restoreStudy",
	],
	"datasets-write": ["Mutation.importDataset", "Mutation.cancelDatasetImport"],
	admin: ["Query.tokens", "Mutation.createToken", "Mutation.revokeToken"],
};

/** Types whose fields need more, or less, than reading runs: they can be reached by `node` and by fragments too. */
const types: Readonly<Record<string, readonly string[]>> = {
	anyone: ["ServerInfo", "Viewer", "RateLimit", "PageInfo"],
	admin: ["Token", "TokenConnection", "TokenEdge", "CreateTokenPayload", "RevokeTokenPayload"],
	"datasets-write": ["ImportDatasetPayload", "DatasetImportPayload"],
	"runs-write": [
		"StartRunPayload",
		"StartStudyPayload",
		"StartMissingRunsPayload",
		"RunPayload",
		"RunsPayload",
		"StudyPayload",
	],
};

const flatten = (table: Readonly<Record<string, readonly string[]>>) =>
	new Map(Object.entries(table).flatMap(([rule, names]) => names.map((name) => [name, rule as Rule] as const)));
const ruleOfRoot = flatten(rootFields);
const ruleOfType = flatten(types);
/** What everything that hangs on a run needs. */
const reading: Rule = "runs-read";

/** The rule for a field, by its type's and its own name; undefined for a root field that nobody decided on. */
export function ruleFor(schema: GraphQLSchema, typeName: string, fieldName: string): Rule | undefined {
	const isRoot = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some(
		(root) => root?.name === typeName,
	);
	if (isRoot) return ruleOfRoot.get(`${typeName}.${fieldName}`);
	return ruleOfType.get(typeName) ?? reading;
}

const needs = new WeakMap<DocumentNode, ReadonlySet<Rule | undefined>>();

/** The rules of all fields that a document selects. Documents are asked for again, so the answer is kept with them. */
function rulesOf(schema: GraphQLSchema, document: DocumentNode): ReadonlySet<Rule | undefined> {
	const known = needs.get(document);
	if (known) return known;
	const rules = new Set<Rule | undefined>(["graphql-adhoc"]);
	const info = new TypeInfo(schema);
	visit(
		document,
		visitWithTypeInfo(info, {
			Field(node) {
				const name = node.name.value;
				const parent = info.getParentType();
				const type = getNamedType(info.getType());
				if (name === "__typename" || !parent) return;
				if ((type && isIntrospectionType(type)) || isIntrospectionType(parent)) rules.add("schema-read");
				// A field of an interface is one of the objects behind it, which fragments name.
				else if (isObjectType(parent)) rules.add(ruleFor(schema, parent.name, name));
			},
		}),
	);
	needs.set(document, rules);
	return rules;
}

/** Throws FORBIDDEN unless the viewer may see every field that a document selects. */
export function checkPermissions(schema: GraphQLSchema, document: DocumentNode, viewer: Viewer): void {
	for (const rule of rulesOf(schema, document)) {
		if (rule === "anyone" || (rule !== undefined && viewer.scopes.has(rule))) continue;
		const scope = rule?.toUpperCase().replaceAll("-", "_");
		throw new ApiError(
			"FORBIDDEN",
			scope === undefined
				? "The operation asks for a field that is open to nobody."
				: `The operation needs the scope ${scope}, which this token does not hold. Ask an administrator for a token that does.`,
		);
	}
}
