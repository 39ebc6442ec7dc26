/** The routes of this server, in the order in which a request meets them. */
import type { ApolloServer } from "@apollo/server";
import { expressMiddleware } from "@as-integrations/express5";
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from "express";
import { GraphQLError } from "graphql";
import type { Services } from "../context.ts";
import { ApiError } from "../errors.ts";
import { HTTP_LIMITS } from "../limits/limits.ts";
import type { Authenticator } from "../security/authenticate.ts";
import type { HostPolicy } from "../security/hosts.ts";
import type { SignIn } from "../security/sign-in.ts";
import type { HttpContext } from "./apollo.ts";
import { artifactFile } from "./artifacts.ts";
import { gzipTexts } from "./compressed.ts";
import type { Connections } from "./connections.ts";
import { exportRoutes } from "./exports.ts";
import { authenticated, guard, reading, requestIdOf, sessionOf } from "./guard.ts";
import { createMetrics, healthz, readyz } from "./health.ts";
import { imageFile } from "./images.ts";
import type { Operations } from "./operations.ts";
import { presentErrors } from "./present.ts";
import { reloading } from "./reload.ts";
import { sandbox } from "./sandbox.ts";
import { sessionRoutes } from "./session.ts";
import { streamHandler } from "./sse.ts";
import { dashboard } from "./static.ts";

export interface AppOptions {
	readonly services: Services;
	readonly operations: Operations;
	readonly apollo: ApolloServer<HttpContext>;
	readonly authenticator: Authenticator;
	readonly connections: Connections;
	readonly policy: HostPolicy;
	readonly signIn: SignIn;
	/** Whether cookies may only travel over TLS. */
	readonly isSecure: boolean;
	/** Folder of the dashboard's export. */
	readonly webFolder: string;
	/** Whether pages load themselves anew when the dashboard is built anew. */
	readonly isDevelopment: boolean;
	sockets(): number;
	isDraining(): boolean;
}

/** What Apollo is told of a request. */
async function contextOf({ req, res }: { req: Request; res: Response }): Promise<HttpContext> {
	const closed = new AbortController();
	res.once("close", () => closed.abort());
	const media = req.accepts(["application/json", "application/graphql-response+json"]);
	return {
		call: { viewer: sessionOf(req).viewer, requestId: requestIdOf(req), signal: closed.signal },
		isPlainJson: media === "application/json",
	};
}

/** The status and error that a failed request is answered with; a surprise is masked when it is presented. */
function readError(error: unknown): { status: number; shown: GraphQLError } {
	if (error instanceof ApiError) return { status: error.status, shown: error };
	const { status, message, expose } = error as { status?: number; message?: string; expose?: boolean };
	// What Express and its body parser find wrong with a request carries a status and a message for the caller.
	if (status !== undefined && status >= 400 && status < 500 && expose !== false)
		return { status, shown: new ApiError("BAD_REQUEST", message ?? "The request cannot be read.") };
	return { status: 500, shown: new GraphQLError("", { originalError: error as Error }) };
}

/** The Express application. */
export function createApp(options: AppOptions): Express {
	const { services, operations, apollo, authenticator, connections, policy, signIn } = options;
	const { log, facts } = services;
	const app = express();
	app.disable("x-powered-by").disable("etag").set("query parser", "simple");
	const signedIn = authenticated(authenticator);
	const metrics = createMetrics(services, options.sockets);
	const json = express.json({ limit: HTTP_LIMITS.bodyBytes, inflate: false });

	app.use(metrics.observe, guard(policy));
	app.get("/healthz", healthz);
	app.get("/readyz", readyz(services, options.isDraining));
	app.use(sessionRoutes(signIn, authenticator, options.isSecure));
	app.get("/metrics", signedIn, metrics.show);
	app.post("/graphql/stream", signedIn, json, streamHandler({ operations, connections, log, sessionOf, requestIdOf }));
	app.use("/graphql", signedIn, json, gzipTexts, expressMiddleware(apollo, { context: contextOf }));
	app.get("/images/:sha256/:file", signedIn, reading, imageFile(services));
	app.get("/artifacts/:sha256", signedIn, reading, artifactFile(services));
	app.use("/export", signedIn, reading, exportRoutes(services));
	if (facts.profile === "local") app.use("/sandbox", sandbox());
	const { webFolder, isDevelopment, isDraining } = options;
	if (isDevelopment) app.use("/development", reloading({ folder: webFolder, isDraining }));
	app.use(dashboard(webFolder, { isDevelopment }));

	app.use(() => {
		throw new ApiError("NOT_FOUND", "There is nothing at this address.");
	});
	const fail: ErrorRequestHandler = (error, request, response, next) => {
		if (response.headersSent) return next(error);
		const { status, shown } = readError(error);
		const errors = presentErrors([shown], { requestId: requestIdOf(request), log });
		if (status === 401) response.setHeader("www-authenticate", "Bearer");
		response.status(shown instanceof ApiError && shown.code === "NOT_FOUND" ? 404 : status).json({ errors });
	};
	app.use(fail);
	return app;
}
