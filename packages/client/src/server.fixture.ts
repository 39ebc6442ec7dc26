/** A server that says what a test makes it say, and its client. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { type Client, connect } from "./index.ts";

let server: Server | undefined;
afterEach(() => {
	server?.closeAllConnections();
	server?.close();
});

export interface Received {
	readonly path: string;
	readonly authorization: string | undefined;
	readonly body: { readonly query: string; readonly variables: Record<string, unknown> };
}

/** A server that answers every request with `answer`, and its client. */
export async function serve(answer: (received: Received, response: ServerResponse) => void): Promise<Client> {
	server = createServer((request: IncomingMessage, response) => {
		let text = "";
		request.on("data", (chunk) => (text += chunk));
		request.on("end", () => {
			const { authorization } = request.headers;
			answer({ path: request.url!, authorization, body: text === "" ? {} : JSON.parse(text) }, response);
		});
	});
	await new Promise<void>((listening) => server!.listen(0, "127.0.0.1", listening));
	const { port } = server.address() as AddressInfo;
	return connect({ url: `http://127.0.0.1:${port}/`, token: "secret" });
}
