/** One server: the listeners, the application, the sockets and the live hub, started and drained together. */
import {
	createServer as createHttp,
	type Server as HttpServer,
	type IncomingMessage,
	type ServerResponse,
} from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { EVENT_CHANNEL, listen as listenToDatabase } from "@mithridate/db";
import type { Services } from "./context.ts";
import { createApollo } from "./http/apollo.ts";
import { createApp } from "./http/app.ts";
import { createConnections } from "./http/connections.ts";
import { foreignness } from "./http/guard.ts";
import { createOperations } from "./http/operations.ts";
import { createSockets } from "./http/ws.ts";
import { createBudget } from "./limits/budget.ts";
import { COST_LIMITS } from "./limits/limits.ts";
import { apiSchema } from "./schema/build.ts";
import { createAuthenticator, type StoredToken } from "./security/authenticate.ts";
import { createHostPolicy, loopbackHosts } from "./security/hosts.ts";
import { type ServeSettings, StartRefused } from "./security/profile.ts";
import { createSignIn } from "./security/sign-in.ts";

export interface ServerOptions {
	readonly services: Services;
	readonly settings: ServeSettings;
	readonly localToken: string;
	/** Address of the database, for the bell that wakes feeds; null where only the poll does. */
	readonly databaseUrl: string | null;
	readonly tls: { readonly cert: string; readonly key: string } | null;
	readonly webFolder: string;
	findToken(hash: Buffer): Promise<StoredToken | null>;
}

export interface Server {
	readonly port: number;
	/** `http://localhost:<port>`, or the first allowed host on the shared profile. */
	readonly url: string;
	/** An address that signs one browser in, once. */
	signInUrl(): string;
	/** Looks at the tokens of live connections at once. */
	recheckTokens(): Promise<void>;
	/** Takes no new work, lets what runs end, and closes everything but the database. */
	close(): Promise<void>;
}

/** Time for running requests to end when the server closes. */
const DRAIN_MS = 5_000;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

function createListener(tls: ServerOptions["tls"], handle: Listener): HttpServer {
	const limits = {
		headersTimeout: 15_000,
		requestTimeout: 25_000,
		connectionsCheckingInterval: 5_000,
		maxHeaderSize: 16_384,
	};
	return tls ? createHttps({ ...limits, ...tls }, handle) : createHttp(limits, handle);
}

function listen(server: HttpServer, port: number, host: string): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen({ port, host, ipv6Only: host === "::1" }, () => {
			server.off("error", reject);
			resolve((server.address() as AddressInfo).port);
		});
	});
}

/** Starts a server; it answers when this resolves. */
export async function startServer(options: ServerOptions): Promise<Server> {
	const { services, settings, localToken, databaseUrl, tls, webFolder, findToken } = options;
	const { log, hub, clock } = services;
	let handle: Listener = (_request, response) => response.writeHead(503).end();
	const hosts = settings.host === undefined ? ["127.0.0.1", "::1"] : [settings.host];
	const listeners: HttpServer[] = [];
	let { port } = settings;
	for (const host of hosts) {
		const listener = createListener(tls, (request, response) => handle(request, response));
		try {
			port = await listen(listener, port, host);
			listeners.push(listener);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			// A computer without IPv6 has no ::1; the other loopback address does.
			if (host === "::1" && code === "EADDRNOTAVAIL") continue;
			for (const open of listeners) open.close();
			if (code !== "EADDRINUSE") throw error;
			throw new StartRefused(
				"--port",
				`Port ${port} is taken by another program. Give another one with --port or MITHRIDATE_PORT.`,
			);
		}
	}

	const schema = apiSchema();
	const isShared = settings.shared;
	const budget = createBudget(isShared ? COST_LIMITS.sharedBudget : COST_LIMITS.localBudget, clock);
	const operations = createOperations(schema, services, budget);
	const signIn = createSignIn(localToken, { port, clock });
	const authenticator = createAuthenticator({ auth: settings.auth, localToken, signIn, findToken });
	const connections = createConnections((error) => log.warn({ err: error }, "tokens could not be looked at"));
	const sockets = createSockets({ operations, authenticator, connections, log, isShared });
	const policy = createHostPolicy(isShared ? settings.allowedHosts : loopbackHosts(port), {
		schemes: isShared ? ["https"] : ["http", "https"],
	});
	const apollo = createApollo(operations, log);
	await apollo.start();
	let isDraining = false;
	handle = createApp({
		services,
		operations,
		apollo,
		authenticator,
		connections,
		policy,
		signIn,
		isSecure: isShared,
		webFolder,
		isDevelopment: settings.development ?? false,
		sockets: () => sockets.count,
		isDraining: () => isDraining,
	});
	for (const listener of listeners)
		listener.on("upgrade", (request, socket, head) => {
			// A client may leave while it waits; there is nobody to tell.
			socket.on("error", (error) => log.debug({ err: error }, "an upgrade broke off"));
			const isForeign = foreignness(request, policy) !== undefined;
			const status = isForeign ? "403 Forbidden" : isDraining ? "503 Service Unavailable" : undefined;
			const { pathname } = new URL(request.url ?? "/", "http://localhost");
			if (status === undefined && pathname === "/graphql") sockets.upgrade(request, socket, head);
			else socket.end(`HTTP/1.1 ${status ?? "404 Not Found"}\r\nConnection: close\r\n\r\n`);
		});
	const bell =
		databaseUrl === null ? null : await listenToDatabase(databaseUrl, EVENT_CHANNEL, (payload) => hub.ring(payload));
	const scheme = tls ? "https" : "http";
	const url = isShared ? `https://${settings.allowedHosts[0]}` : `${scheme}://localhost:${port}`;

	return {
		port,
		url,
		signInUrl: () => (settings.auth ? `${url}/sign-in?code=${signIn.createCode()}` : url),
		recheckTokens: () => connections.recheck(),
		async close() {
			isDraining = true;
			const ended = listeners.map((listener) => new Promise((resolve) => listener.close(resolve)));
			hub.close();
			connections.close();
			await Promise.all([sockets.close(), bell?.close()]);
			for (const listener of listeners) listener.closeIdleConnections();
			await Promise.race([Promise.all(ended), sleep(DRAIN_MS, undefined, { ref: false })]);
			for (const listener of listeners) listener.closeAllConnections();
			await apollo.stop();
		},
	};
}
