/** The one way in: every operation, from POST, GET, WebSocket or SSE, is read, limited, priced and run here. */
import {
	createSourceEventStream,
	type DocumentNode,
	type ExecutionResult,
	execute,
	type FormattedExecutionResult,
	GraphQLError,
	type GraphQLSchema,
	getOperationAST,
	getVariableValues,
	Kind,
	type OperationDefinitionNode,
	parse,
	print,
	specifiedRules,
	type VariableNode,
	validate,
	visit,
} from "graphql";
import type { Context, Services } from "../context.ts";
import { ApiError } from "../errors.ts";
import type { Budget, CostReport } from "../limits/budget.ts";
import { checkCost, costOf } from "../limits/cost.ts";
import { documentLimits } from "../limits/document-rule.ts";
import { DOCUMENT_LIMITS, HTTP_LIMITS } from "../limits/limits.ts";
import { checkVariables } from "../limits/variables.ts";
import { checkPermissions } from "../security/permissions.ts";
import type { Viewer } from "../security/roles.ts";
import { createLoaders } from "../subjects/loaders.ts";
import { type Presenting, presentErrors } from "./present.ts";

/** What a caller sends, of any transport. */
export interface Asked {
	readonly query: string;
	readonly operationName?: string | null | undefined;
	readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An operation that may run. */
export interface Admitted {
	readonly document: DocumentNode;
	readonly operation: OperationDefinitionNode;
	readonly variables: Readonly<Record<string, unknown>>;
	readonly cost: CostReport;
}

/** Who runs it, and until when. */
export interface Call {
	readonly viewer: Viewer;
	readonly requestId: string;
	/** Fires when the caller is gone. */
	readonly signal: AbortSignal;
	/** Cuts the caller's connection. */
	cut?(reason: string): void;
}

/** Errors that keep an operation from running. */
export class Refused extends Error {
	readonly errors: readonly GraphQLError[];
	readonly step: Presenting["step"];

	constructor(errors: readonly GraphQLError[], step: Presenting["step"]) {
		super("refused");
		this.errors = errors;
		this.step = step;
	}
}

export interface Operations {
	readonly schema: GraphQLSchema;
	/** Parses and validates. Throws Refused. */
	read(query: string): DocumentNode;
	/** Checks variables, permissions and price of a document that is valid. Throws ApiError. */
	admit(document: DocumentNode, asked: Asked, viewer: Viewer): Admitted;
	/** Runs a query or mutation, at most ten seconds. */
	run(admitted: Admitted, call: Call): Promise<FormattedExecutionResult>;
	/** Starts a subscription. */
	stream(
		admitted: Admitted,
		call: Call,
	): Promise<AsyncGenerator<FormattedExecutionResult, undefined> | FormattedExecutionResult>;
}

/** Valid documents that are kept, so that a dashboard's operations are read once. */
const KEPT_DOCUMENTS = 300;

/** The part of an operation that only prices it, if it asks for that: `rateLimit(dryRun: true)`. */
function pricing(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>) {
	const own = operation.selectionSet.selections.filter(
		(node) => node.kind === Kind.FIELD && node.name.value === "rateLimit",
	);
	const isDry = own.some(
		(node) =>
			node.kind === Kind.FIELD &&
			node.arguments?.some(
				({ name, value }) =>
					name.value === "dryRun" &&
					(value.kind === Kind.BOOLEAN
						? value.value
						: value.kind === Kind.VARIABLE && variables[value.name.value] === true),
			),
	);
	return isDry ? { ...operation, selectionSet: { ...operation.selectionSet, selections: own } } : undefined;
}

/** The pipeline over a schema, with the services that resolvers use. */
export function createOperations(schema: GraphQLSchema, services: Services, budget: Budget): Operations {
	const kept = new Map<string, DocumentNode>();

	function read(query: string): DocumentNode {
		const known = kept.get(query);
		if (known) return known;
		let document: DocumentNode;
		try {
			document = parse(query, { maxTokens: DOCUMENT_LIMITS.tokens });
		} catch (error) {
			throw new Refused([error as GraphQLError], "GRAPHQL_PARSE_FAILED");
		}
		const errors = validate(schema, document, [documentLimits, ...specifiedRules]);
		if (errors.length > 0) throw new Refused(errors, "GRAPHQL_VALIDATION_FAILED");
		if (kept.size >= KEPT_DOCUMENTS) kept.delete(kept.keys().next().value!);
		kept.set(query, document);
		return document;
	}

	function admit(document: DocumentNode, asked: Asked, viewer: Viewer): Admitted {
		checkVariables(asked.variables);
		const operation = getOperationAST(document, asked.operationName);
		if (!operation)
			throw new ApiError(
				"OPERATION_RESOLUTION_FAILURE",
				asked.operationName
					? "The document has no operation of the name in `operationName`."
					: "The document has several operations: say which one in `operationName`.",
			);
		checkPermissions(schema, document, viewer);
		const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...asked.variables });
		if (errors?.[0]) throw new ApiError("BAD_USER_INPUT", errors[0].message);
		const cost = costOf({ schema, document, operation, variables: asked.variables });
		checkCost(cost);
		const priced = pricing(operation, coerced ?? {});
		const report = budget.spend(viewer.tokenId ?? viewer.name, cost, priced !== undefined);
		return { document, operation: priced ?? operation, variables: { ...asked.variables }, cost: report };
	}

	const contextOf = (call: Call, cost: CostReport): Context => ({
		...services,
		...call,
		cost,
		loaders: createLoaders(services),
	});

	const argumentsOf = ({ document, operation, variables }: Admitted, contextValue: Context) => ({
		schema,
		// Only the operation that was admitted, and the fragments.
		document: {
			...document,
			definitions: [operation, ...document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)],
		},
		variableValues: variables,
		contextValue,
	});

	const presented = (result: ExecutionResult, { requestId }: Call): FormattedExecutionResult => {
		const { errors, ...rest } = result;
		// Without errors the result stays the object it is: it may be shared, and its text with it.
		return errors
			? { ...rest, errors: presentErrors(errors, { requestId, log: services.log }) }
			: (result as FormattedExecutionResult);
	};

	/** Runs within the time an operation has; what is late is told to stop and answered for. */
	async function timed(caller: AbortSignal | undefined, run: (signal: AbortSignal) => Promise<ExecutionResult>) {
		const deadline = new AbortController();
		let late: NodeJS.Timeout | undefined;
		const timeout = new Promise<ExecutionResult>((resolve) => {
			late = setTimeout(() => {
				deadline.abort();
				const message = `The operation took longer than ${HTTP_LIMITS.operationMs / 1000} s and was stopped. Ask for less.`;
				resolve({ errors: [new ApiError("TIMEOUT", message)] });
			}, HTTP_LIMITS.operationMs);
		});
		const leave = () => deadline.abort();
		caller?.addEventListener("abort", leave);
		if (caller?.aborted) leave();
		try {
			return await Promise.race([run(deadline.signal), timeout]);
		} finally {
			clearTimeout(late);
			caller?.removeEventListener("abort", leave);
		}
	}

	async function run(admitted: Admitted, call: Call): Promise<FormattedExecutionResult> {
		const result = await timed(call.signal, async (signal) =>
			execute(argumentsOf(admitted, contextOf({ ...call, signal }, admitted.cost))),
		);
		return presented(result, call);
	}

	/** Results of events, by the event and by all that a result depends on besides it. */
	const results = new WeakMap<object, Map<string, Promise<ExecutionResult>>>();

	/** Subscribers that ask the same of the same event get one result, which is made once. */
	function once(event: object, shape: string, make: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
		const known = results.get(event) ?? new Map<string, Promise<ExecutionResult>>();
		results.set(event, known);
		const result = known.get(shape) ?? make();
		known.set(shape, result);
		return result;
	}

	async function stream(admitted: Admitted, call: Call) {
		const args = argumentsOf(admitted, contextOf(call, admitted.cost));
		const source = await createSourceEventStream(args);
		if (!(Symbol.asyncIterator in source)) return presented(source, call);
		const shape = shapeOf(admitted, call.viewer);
		const show = async (event: unknown) => {
			// A result may be shared, so nobody who leaves may stop it. Loaders remember what they read; each event is to
			// see what is there now.
			const make = () =>
				timed(undefined, async (signal) => {
					const contextValue = contextOf({ ...call, signal }, admitted.cost);
					return execute({ ...args, contextValue, rootValue: event });
				});
			return presented(await (isObject(event) ? once(event, shape, make) : make()), call);
		};
		return resultsOf(source[Symbol.asyncIterator](), show, (cause) =>
			presented({ errors: [new GraphQLError(cause.message, { originalError: cause })] }, call),
		);
	}

	return { schema, read, admit, run, stream };
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** All that the result of an event depends on: the operation's text, its variables but for the place in the feed, and who asks. */
function shapeOf({ operation, document, variables }: Admitted, { name, role, tokenId }: Viewer): string {
	const [root] = operation.selectionSet.selections;
	const place = new Set(
		(root?.kind === Kind.FIELD ? (root.arguments ?? []) : [])
			.filter((argument) => argument.name.value === "after" && argument.value.kind === Kind.VARIABLE)
			.map((argument) => (argument.value as VariableNode).name.value),
	);
	let elsewhere = 0;
	visit(document, {
		Variable({ name }, _key, parent) {
			if (place.has(name.value) && (parent as { kind?: string } | undefined)?.kind !== Kind.VARIABLE_DEFINITION)
				elsewhere++;
		},
	});
	// The place counts too where it is used for more than the place.
	const left = Object.entries(variables).filter(([key]) => elsewhere > 1 || !place.has(key));
	return JSON.stringify([print(document), operation.name?.value, left, name, role, tokenId]);
}

/** Results of a feed's events; a feed that fails says why in a last result, since transports only know that it ended. */
function resultsOf(
	events: AsyncIterator<unknown>,
	execute: (event: unknown) => Promise<FormattedExecutionResult>,
	explain: (cause: Error) => FormattedExecutionResult,
): AsyncGenerator<FormattedExecutionResult, undefined> {
	let hasEnded = false;
	const end = async () => {
		hasEnded = true;
		await events.return?.();
		return { done: true as const, value: undefined };
	};
	return {
		async next() {
			if (hasEnded) return end();
			try {
				const { done, value } = await events.next();
				return done ? end() : { done: false, value: await execute(value) };
			} catch (error) {
				hasEnded = true;
				return { done: false, value: explain(error instanceof Error ? error : new Error(String(error))) };
			}
		},
		return: end,
		throw: end,
		[Symbol.asyncIterator]() {
			return this;
		},
		async [Symbol.asyncDispose]() {
			await end();
		},
	};
}
