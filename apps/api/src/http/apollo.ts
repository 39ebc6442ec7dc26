/** Apollo Server over the pipeline: Apollo speaks GraphQL over HTTP, the pipeline decides and runs. */
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import type { Logger } from "pino";
import { ApiError } from "../errors.ts";
import type { CostReport } from "../limits/budget.ts";
import { type Call, type Operations, parseOptions, validationRules } from "./operations.ts";
import { type Presenting, presentErrors } from "./present.ts";

/** Apollo's context of one HTTP request. */
export interface HttpContext {
	readonly call: Call;
	/** Whether the answer goes out as `application/json`, under which older clients want 200 for what they got wrong. */
	readonly isPlainJson: boolean;
}

/** Faults of a document or its variables that a plain JSON client is told of with status 200. */
const saidWithOk: ReadonlySet<unknown> = new Set([
	"GRAPHQL_PARSE_FAILED",
	"GRAPHQL_VALIDATION_FAILED",
	"BAD_USER_INPUT",
]);

/** The caller's points, in the headers that GitHub's API made usual. */
export function rateHeaders({ limit, remaining, used, resetAt }: CostReport): [string, string][] {
	const values = { limit, remaining, used, reset: Math.ceil(resetAt.getTime() / 1000) };
	return Object.entries(values).map(([name, value]) => [`x-ratelimit-${name}`, String(value)]);
}

function admission(operations: Operations, log: Logger): ApolloServerPlugin<HttpContext> {
	return {
		async requestDidStart() {
			let admitted: ReturnType<Operations["admit"]> | undefined;
			let step: Presenting["step"];
			let hasRun = false;
			return {
				async parsingDidStart() {
					step = "GRAPHQL_PARSE_FAILED";
				},
				async validationDidStart() {
					step = "GRAPHQL_VALIDATION_FAILED";
				},
				async didResolveOperation({ document, request, contextValue }) {
					step = undefined;
					const { query = "", operationName, variables } = request;
					admitted = operations.admit(document, { query, operationName, variables }, contextValue.call.viewer);
					if (admitted.operation.operation === "subscription")
						throw new ApiError(
							"BAD_REQUEST",
							"Subscriptions run over WebSocket at /graphql (graphql-transport-ws) or as an event stream at /graphql/stream.",
						);
				},
				async responseForOperation({ contextValue }) {
					const singleResult = await operations.run(admitted!, contextValue.call);
					hasRun = true;
					return { http: { status: undefined, headers: new HeaderMap() }, body: { kind: "single", singleResult } };
				},
				async willSendResponse({ errors, response, contextValue }) {
					if (admitted) for (const [name, value] of rateHeaders(admitted.cost)) response.http.headers.set(name, value);
					if (hasRun || response.body.kind !== "single" || !errors) return;
					const { requestId } = contextValue.call;
					const presented = presentErrors(errors, { requestId, log, ...(step ? { step } : {}) });
					response.body.singleResult.errors = presented;
					const [first] = errors;
					const cause = first?.originalError ?? first;
					if (cause instanceof ApiError) response.http.status = cause.status;
					const isOld = contextValue.isPlainJson && presented.every(({ extensions }) => saidWithOk.has(extensions?.code));
					// A client that is told of a wrong method must see it as such.
					if (isOld && response.http.status !== 405) response.http.status = 200;
				},
			};
		},
	};
}

/** An Apollo Server that answers queries and mutations. */
export function createApollo(operations: Operations, log: Logger): ApolloServer<HttpContext> {
	return new ApolloServer<HttpContext>({
		schema: operations.schema,
		parseOptions,
		validationRules,
		plugins: [admission(operations, log)],
		// Who may introspect is in the permission table.
		introspection: true,
		csrfPrevention: true,
		allowBatchedHttpRequests: false,
		persistedQueries: false,
		maxRecursiveSelections: true,
		hideSchemaDetailsFromClientErrors: true,
		includeStacktraceInErrorResponses: false,
		// The signal would be sent again before this server has drained, and kill it.
		stopOnTerminationSignals: false,
		nodeEnv: "production",
		logger: log,
		formatError(formatted) {
			const { code, ...extensions } = formatted.extensions ?? {};
			return { ...formatted, extensions: { ...extensions, code: code === "INTERNAL_SERVER_ERROR" ? "INTERNAL" : code } };
		},
	});
}
