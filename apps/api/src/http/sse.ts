/**
 * Operations as an event stream: the distinct connections mode of the GraphQL over SSE protocol, one POST for each.
 *
 * Written here because the handler of `graphql-sse` queues results without a bound while a reader stands still; this one
 * takes the next result only when the last one is on its way.
 */
import { once } from "node:events";
import type { Request, RequestHandler, Response } from "express";
import { type FormattedExecutionResult, GraphQLError } from "graphql";
import type { Logger } from "pino";
import { ApiError } from "../errors.ts";
import type { Session } from "../security/authenticate.ts";
import { rateHeaders } from "./apollo.ts";
import type { Connections } from "./connections.ts";
import { type Asked, type Operations, Refused } from "./operations.ts";
import { presentErrors } from "./present.ts";
import { type ResultText, textOf } from "./result-text.ts";

/** Silence after which a comment keeps proxies from closing the stream. */
const KEEP_ALIVE_MS = 12_000;

export interface StreamOptions {
	readonly operations: Operations;
	readonly connections: Connections;
	readonly log: Logger;
	sessionOf(request: Request): Session;
	requestIdOf(request: Request): string;
}

/** The operation in a request's body. */
function askedOf(body: unknown): Asked {
	const { query, operationName, variables } = (body ?? {}) as Record<string, unknown>;
	const isObject = variables == null || (typeof variables === "object" && !Array.isArray(variables));
	if (
		typeof query !== "string" ||
		query === "" ||
		!isObject ||
		!(operationName == null || typeof operationName === "string")
	)
		throw new ApiError("BAD_REQUEST", "Send JSON: {query: text, variables?: object, operationName?: text}.");
	return { query, operationName, variables: variables as Asked["variables"] };
}

/** Writes one event; resolves when the connection can take more. */
async function send(response: Response, event: "next" | "complete", { text, bytes }: ResultText): Promise<void> {
	if (!response.writable) return;
	response.cork();
	response.write(`event: ${event}\ndata: `);
	response.write(bytes ?? text);
	const isOpen = response.write("\n\n");
	response.uncork();
	if (!isOpen) await Promise.race([once(response, "drain"), once(response, "close")]);
}

/** The handler of POST requests, after their JSON body was read and their caller is known. */
export function streamHandler({ operations, connections, log, sessionOf, requestIdOf }: StreamOptions): RequestHandler {
	function refuse(request: Request, response: Response, error: unknown): void {
		const { errors, step } = error instanceof Refused ? error : { errors: [error as GraphQLError], step: undefined };
		const status = errors[0] instanceof ApiError ? errors[0].status : 400;
		const presented = presentErrors(errors, { requestId: requestIdOf(request), log, ...(step ? { step } : {}) });
		response.status(status).json({ errors: presented });
	}

	return async (request, response) => {
		if (!request.is("application/json")) {
			refuse(request, response, new ApiError("BAD_REQUEST", "Send the operation as application/json."));
			return;
		}
		const session = sessionOf(request);
		const closed = new AbortController();
		response.once("close", () => closed.abort());
		const cut = () => void response.destroy();
		const call = { viewer: session.viewer, requestId: requestIdOf(request), signal: closed.signal, cut };
		let result: AsyncGenerator<FormattedExecutionResult, undefined> | FormattedExecutionResult;
		try {
			const asked = askedOf(request.body);
			const admitted = operations.admit(operations.read(asked.query), asked, session.viewer);
			const isStream = admitted.operation.operation === "subscription";
			for (const [name, value] of rateHeaders(admitted.cost)) response.setHeader(name, value);
			result = await (isStream ? operations.stream(admitted, call) : operations.run(admitted, call));
		} catch (error) {
			if (!(error instanceof Refused || error instanceof GraphQLError)) throw error;
			refuse(request, response, error);
			return;
		}
		response.writeHead(200, {
			"content-type": "text/event-stream; charset=utf-8",
			"cache-control": "no-cache, no-transform",
			"x-accel-buffering": "no",
		});
		response.flushHeaders();
		const forget = connections.add(session, cut);
		const keepAlive = setInterval(() => {
			if (!response.writableNeedDrain) response.write(":\n\n");
		}, KEEP_ALIVE_MS);
		try {
			if (Symbol.asyncIterator in result) {
				const results = result;
				closed.signal.addEventListener("abort", () => void results.return(undefined));
				for await (const part of results) await send(response, "next", textOf(part));
			} else await send(response, "next", textOf(result));
			await send(response, "complete", { text: "", bytes: null });
		} finally {
			clearInterval(keepAlive);
			forget();
			response.end();
		}
	};
}
