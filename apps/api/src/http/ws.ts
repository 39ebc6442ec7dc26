/** Subscriptions, queries and mutations over WebSocket (graphql-transport-ws), with limits on each socket. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from "graphql";
import { CloseCode, handleProtocols, makeServer } from "graphql-ws";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import { ApiError } from "../errors.ts";
import { SOCKET_LIMITS } from "../limits/limits.ts";
import type { Authenticator, Session } from "../security/authenticate.ts";
import type { Connections } from "./connections.ts";
import { type Admitted, type Call, type Operations, Refused } from "./operations.ts";
import { presentErrors } from "./present.ts";
import { createMessages, type Messages } from "./ws-messages.ts";

export interface SocketOptions {
	readonly operations: Operations;
	readonly authenticator: Authenticator;
	readonly connections: Connections;
	readonly log: Logger;
	/** Whether a token may hold only so many sockets. */
	readonly isShared: boolean;
}

export interface Sockets {
	readonly count: number;
	/** Takes over an upgrade whose Host and Origin were found good. */
	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** Tells all clients to come again later, and waits until they are gone. */
	close(): Promise<void>;
}

/** What is known of a socket. */
interface Extra {
	readonly socket: WebSocket;
	readonly request: IncomingMessage;
	/** Fires when the socket is closed. */
	readonly closed: AbortSignal;
	readonly messages: Messages;
	session?: Session;
	forget?: () => void;
}

/** An operation on its way from admission to its run, in the place where graphql-ws keeps a resolver's context. */
interface Prepared {
	readonly admitted: Admitted;
	readonly call: Call;
}

/** Time for a client to answer the closing frame. */
const CLOSE_MS = 1_000;

/** Closes a socket, with force where the other side does not answer. */
function closeSocket(socket: WebSocket, code: number, reason: string): void {
	socket.close(code, reason.slice(0, 120));
	setTimeout(() => socket.terminate(), CLOSE_MS).unref();
}

/** Pings a socket, and cuts it when the ping before is still unanswered; returns what ends that. */
function ping(socket: WebSocket): () => void {
	let isWaiting = false;
	socket.on("pong", () => {
		isWaiting = false;
	});
	const timer = setInterval(() => {
		if (isWaiting) return socket.terminate();
		isWaiting = true;
		socket.ping();
	}, SOCKET_LIMITS.pingMs);
	return () => clearInterval(timer);
}

function countMessages(socket: WebSocket): void {
	let count = 0;
	let second = 0;
	socket.on("message", () => {
		const now = Math.floor(performance.now() / 1000);
		if (now !== second) {
			second = now;
			count = 0;
		}
		if (++count > SOCKET_LIMITS.messagesPerSecond)
			closeSocket(socket, 4429, `Too many messages: at most ${SOCKET_LIMITS.messagesPerSecond} a second`);
	});
}

/** A WebSocket server without a port: upgrades are handed to it. */
export function createSockets({ operations, authenticator, connections, log, isShared }: SocketOptions): Sockets {
	const server = new WebSocketServer({
		noServer: true,
		handleProtocols,
		maxPayload: SOCKET_LIMITS.messageBytes,
		perMessageDeflate: false,
	});
	/** Errors as they are sent, by the list that graphql-ws passes on. */
	const presented = new WeakMap<readonly GraphQLError[], readonly GraphQLFormattedError[]>();

	async function connect(extra: Extra, params: Readonly<Record<string, unknown>> | undefined): Promise<void> {
		const token = params?.token;
		const { headers } = extra.request;
		// A browser sends an Origin. Without one the cookie proves nothing: then a token is asked for.
		const own = headers.origin === undefined ? { ...headers, cookie: undefined } : headers;
		const session = await (typeof token === "string"
			? authenticator.fromSecret(token)
			: authenticator.fromHeaders(own));
		const { tokenId } = session.viewer;
		if (isShared && tokenId !== null && connections.count(tokenId) >= SOCKET_LIMITS.socketsPerToken)
			throw new ApiError("RATE_LIMITED", `A token may hold ${SOCKET_LIMITS.socketsPerToken} sockets.`);
		extra.session = session;
		extra.forget = connections.add(session, () =>
			closeSocket(extra.socket, CloseCode.Forbidden, "The token no longer holds"),
		);
	}

	function refuse(error: unknown, requestId: string): readonly GraphQLError[] {
		const { errors, step } = error instanceof Refused ? error : { errors: [error as GraphQLError], step: undefined };
		presented.set(errors, presentErrors(errors, { requestId, log, ...(step ? { step } : {}) }));
		return errors;
	}

	const protocol = makeServer<Record<string, unknown>, Extra>({
		connectionInitWaitTimeout: SOCKET_LIMITS.initMs,
		async onConnect({ connectionParams, extra }) {
			try {
				await connect(extra, connectionParams);
				return true;
			} catch (error) {
				if (!(error instanceof ApiError)) throw error;
				if (error.code === "RATE_LIMITED") closeSocket(extra.socket, 4429, "Too many sockets");
				else closeSocket(extra.socket, CloseCode.Unauthorized, "Unauthorized");
				// The socket is closing; there is nothing to acknowledge.
				return new Promise<boolean>(() => undefined);
			}
		},
		onSubscribe({ extra, subscriptions }, _id, payload) {
			const requestId = randomUUID();
			const { viewer } = extra.session!;
			try {
				if (Object.keys(subscriptions).length > SOCKET_LIMITS.subscriptions)
					throw new ApiError(
						"RATE_LIMITED",
						`A socket may hold ${SOCKET_LIMITS.subscriptions} operations at once. End one or open another socket.`,
					);
				const document = operations.read(payload.query);
				const admitted = operations.admit(document, payload, viewer);
				const call: Call = {
					viewer,
					requestId,
					signal: extra.closed,
					cut: (reason) => closeSocket(extra.socket, 4429, reason),
				};
				const contextValue: Prepared = { admitted, call };
				return { schema: operations.schema, document, operationName: payload.operationName ?? null, contextValue };
			} catch (error) {
				return refuse(error, requestId);
			}
		},
		execute({ contextValue }) {
			const { admitted, call } = contextValue as Prepared;
			return operations.run(admitted, call) as Promise<ExecutionResult>;
		},
		subscribe({ contextValue }) {
			const { admitted, call } = contextValue as Prepared;
			return operations.stream(admitted, call) as Promise<AsyncGenerator<ExecutionResult> | ExecutionResult>;
		},
		// Results come presented. Their text is put in when the message is sent.
		onNext: ({ extra }, _id, _payload, _args, result) => extra.messages.standIn(result as FormattedExecutionResult),
		onError: (_context, _id, _payload, errors) => presented.get(errors),
	});

	server.on("connection", (socket, request) => {
		const closed = new AbortController();
		const extra: Extra = { socket, request, closed: closed.signal, messages: createMessages(socket) };
		const stopPinging = ping(socket);
		countMessages(socket);
		const ended = protocol.opened(
			{
				protocol: socket.protocol,
				send: extra.messages.send,
				close: (code, reason) => closeSocket(socket, code ?? 1000, reason ?? ""),
				onMessage: (take) => {
					socket.on("message", (data) => {
						take(String(data)).catch((error: unknown) => {
							log.error({ err: error }, "a socket's message could not be handled");
							closeSocket(socket, CloseCode.InternalServerError, "Internal server error");
						});
					});
				},
			},
			extra,
		);
		// A broken connection says so and then closes; the closing is what matters.
		socket.on("error", (error) => log.debug({ err: error }, "a socket broke"));
		socket.once("close", (code, reason) => {
			stopPinging();
			closed.abort();
			extra.forget?.();
			ended(code, String(reason)).catch((error: unknown) => log.error({ err: error }, "a socket could not be ended"));
		});
	});

	return {
		get count() {
			return server.clients.size;
		},
		upgrade(request, socket, head) {
			if (server.clients.size >= SOCKET_LIMITS.sockets) {
				socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
				return;
			}
			server.handleUpgrade(request, socket, head, (client) => server.emit("connection", client, request));
		},
		async close() {
			for (const client of server.clients) closeSocket(client, 1001, "Going away");
			await new Promise((resolve) => server.close(resolve));
			await Promise.all([...server.clients].map((client) => once(client, "close")));
		},
	};
}
