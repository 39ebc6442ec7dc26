/** Signing in with a browser: the address printed at the start, or a token typed in; out again by forgetting the cookie. */
import express, { Router } from "express";
import { ApiError } from "../errors.ts";
import type { Authenticator } from "../security/authenticate.ts";
import type { SignIn } from "../security/sign-in.ts";

/** `GET /sign-in?code=`, and `POST` and `DELETE /session`. */
export function sessionRoutes(signIn: SignIn, authenticator: Authenticator, isSecure: boolean): Router {
	const routes = Router();
	const cookie = (value: string) => `${signIn.cookie(value)}${isSecure ? "; Secure" : ""}`;

	routes.get("/sign-in", (request, response) => {
		const { code } = request.query;
		const session = typeof code === "string" ? signIn.exchange(code) : undefined;
		if (session === undefined)
			throw new ApiError(
				"UNAUTHENTICATED",
				"This address was used already or is too old. Start the server anew for another, or sign in with the token in the data folder.",
			);
		response.setHeader("set-cookie", cookie(session)).setHeader("cache-control", "no-store").redirect(303, "/");
	});

	routes.post("/session", express.json({ limit: 1024 }), async (request, response) => {
		const token: unknown = request.body?.token;
		if (typeof token !== "string") throw new ApiError("BAD_REQUEST", "Send JSON: {token: text}.");
		await authenticator.fromSecret(token);
		response.setHeader("set-cookie", cookie(token)).setHeader("cache-control", "no-store").status(204).end();
	});

	routes.delete("/session", (_request, response) => {
		response
			.setHeader("set-cookie", `${cookie("")}; Expires=Thu, 01 Jan 1970 00:00:00 GMT`)
			.status(204)
			.end();
	});

	return routes;
}
