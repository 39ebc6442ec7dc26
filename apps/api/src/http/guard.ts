/** What every request passes first: an id, headers that keep browsers strict, and the checks of Host and Origin. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import { ApiError } from "../errors.ts";
import type { Authenticator, Session } from "../security/authenticate.ts";
import type { HostPolicy } from "../security/hosts.ts";

const ids = new WeakMap<IncomingMessage, string>();
const sessions = new WeakMap<IncomingMessage, Session>();

/** The id of a request, which is in its answer, its errors and its log lines. */
export function requestIdOf(request: IncomingMessage): string {
	const known = ids.get(request);
	if (known !== undefined) return known;
	const id = randomUUID();
	ids.set(request, id);
	return id;
}

/** The caller of a request that passed `authenticated`. */
export function sessionOf(request: IncomingMessage): Session {
	const session = sessions.get(request);
	if (!session) throw new Error(`${request.url} is served without asking who calls`);
	return session;
}

/** Why a request's Host or Origin is not served, or undefined. */
export function foreignness(request: IncomingMessage, policy: HostPolicy): string | undefined {
	const hosts = request.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === "host");
	const { host, origin } = request.headers;
	if (hosts.length !== 1 || !policy.isHost(host)) return "This server is not known by that Host name.";
	if (origin !== undefined && !policy.isOrigin(origin)) return "Pages of that Origin may not talk to this server.";
	return undefined;
}

/** Refuses foreign names and pages, and sets the headers of every answer. */
export function guard(policy: HostPolicy): RequestHandler {
	return (request, response, next) => {
		response.setHeader("x-request-id", requestIdOf(request));
		response.setHeader("x-content-type-options", "nosniff");
		response.setHeader("referrer-policy", "no-referrer");
		response.setHeader("cross-origin-opener-policy", "same-origin");
		response.setHeader("cross-origin-resource-policy", "same-origin");
		response.setHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
		const reason = foreignness(request, policy);
		if (reason !== undefined) throw new ApiError("FORBIDDEN", reason);
		// A browser says so when a foreign page sent it here, also without an Origin. Following a link is fine.
		const site = request.headers["sec-fetch-site"];
		if (site === "cross-site" && request.headers["sec-fetch-mode"] !== "navigate")
			throw new ApiError("FORBIDDEN", "Pages of another site may not talk to this server.");
		next();
	};
}

/** Lets only callers with a token that holds through. */
export function authenticated(authenticator: Authenticator): RequestHandler {
	return async (request, _response, next) => {
		sessions.set(request, await authenticator.fromHeaders(request.headers));
		next();
	};
}

/** Lets only callers through who may read runs. */
export const reading: RequestHandler = (request, _response, next) => {
	if (!sessionOf(request).viewer.scopes.has("runs-read"))
		throw new ApiError("FORBIDDEN", "This needs the scope RUNS_READ, which the token does not hold.");
	next();
};
