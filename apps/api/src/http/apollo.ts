/** Apollo Server over the pipeline: Apollo speaks GraphQL over HTTP, the pipeline decides and runs. */
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import { type DocumentNode, Kind } from "graphql";
import type { Logger } from "pino";
import { ApiError } from "../errors.ts";
import type { CostReport } from "../limits/budget.ts";
import { type Admitted, type Call, type Operations, Refused } from "./operations.ts";
import { presentErrors } from "./present.ts";

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

/** What stands in for a document that was refused, until Apollo asks what to do with it. */
const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

function admission(operations: Operations, log: Logger): ApolloServerPlugin<HttpContext> {
	return {
		async requestDidStart() {
			let admitted: Admitted | undefined;
			let refused: Refused | undefined;
			let hasRun = false;
			return {
				// With a document in place Apollo neither parses nor validates: that is done as for the other transports.
				async didResolveSource(requestContext) {
					try {
						Object.assign(requestContext, { document: operations.read(requestContext.source) });
					} catch (error) {
						if (!(error instanceof Refused)) throw error;
						refused = error;
						Object.assign(requestContext, { document: nothing });
					}
				},
				async didResolveOperation({ document, request, contextValue }) {
					if (refused) throw refused.errors[0];
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
					return { http: { headers: new HeaderMap() }, body: { kind: "single", singleResult } };
				},
				async willSendResponse({ errors, response: { http, body }, contextValue }) {
					if (admitted) for (const [name, value] of rateHeaders(admitted.cost)) http.headers.set(name, value);
					if (hasRun || body.kind !== "single" || !errors) return;
					const { requestId } = contextValue.call;
					const step = refused?.step ? { step: refused.step } : {};
					const presented = presentErrors(refused?.errors ?? errors, { requestId, log, ...step });
					body.singleResult.errors = presented;
					// A client that is told of a wrong method must see it as such.
					if (http.status === 405) return;
					const [first] = errors;
					const isOld =
						contextValue.isPlainJson && presented.every(({ extensions }) => saidWithOk.has(extensions?.code));
					http.status = isOld ? 200 : first instanceof ApiError ? first.status : 400;
				},
			};
		},
	};
}

/** An Apollo Server that answers queries and mutations. */
export function createApollo(operations: Operations, log: Logger): ApolloServer<HttpContext> {
	return new ApolloServer<HttpContext>({
		schema: operations.schema,
		documentStore: null,
		plugins: [admission(operations, log)],
		// Who may introspect is in the permission table.
		introspection: true,
		csrfPrevention: true,
		allowBatchedHttpRequests: false,
		persistedQueries: false,
		includeStacktraceInErrorResponses: false,
		// The signal would be sent again before this server has drained, and kill it.
		stopOnTerminationSignals: false,
		nodeEnv: "production",
		logger: log,
		formatError(formatted) {
			const { code, ...extensions } = formatted.extensions ?? {};
			return {
				...formatted,
				extensions: { ...extensions, code: code === "INTERNAL_SERVER_ERROR" ? "INTERNAL" : code },
			};
		},
	});
}
