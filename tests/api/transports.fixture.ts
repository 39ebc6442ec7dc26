/** One operation over each of the four ways in, with the same kind of answer from all. */
import WebSocket from "ws";
import type { Api } from "./api.fixture.ts";

export interface Asked {
	readonly query: string;
	readonly variables?: Record<string, unknown>;
}

export interface Verdict {
	/** Code of the first error; undefined where there was none. */
	readonly code: string | undefined;
	/** HTTP status; undefined over a socket. */
	readonly status: number | undefined;
	readonly data: unknown;
}

interface Answer {
	readonly data?: unknown;
	readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

export const transports = ["POST", "GET", "WebSocket", "SSE"] as const;
export type Transport = (typeof transports)[number];

const verdictOf = (answer: Answer, status?: number): Verdict => ({
	code: answer.errors?.[0]?.extensions?.code ?? (answer.errors ? "NO CODE" : undefined),
	status,
	data: answer.data,
});

/** A socket that is open and acknowledged. */
export async function openSocket(api: Api, params: object = { token: api.token }): Promise<WebSocket> {
	const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, "graphql-transport-ws");
	await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
	socket.send(JSON.stringify({ type: "connection_init", payload: params }));
	await new Promise((resolve, reject) => {
		socket.once("message", resolve);
		socket.once("close", (code, reason) => reject(new Error(`closed with ${code} ${reason}`)));
	});
	return socket;
}

let counter = 0;

/** Asks one operation over an open socket and waits for its first result. */
export function askSocket(socket: WebSocket, asked: Asked): Promise<Verdict> {
	const id = String(++counter);
	return new Promise((resolve) => {
		const onMessage = (data: WebSocket.RawData) => {
			const message = JSON.parse(String(data));
			if (message.id !== id || message.type === "complete") return;
			settle(verdictOf(message.type === "error" ? { errors: message.payload } : message.payload));
		};
		const onClose = (code: number) => settle({ code: `CLOSED ${code}`, status: undefined, data: undefined });
		const settle = (verdict: Verdict) => {
			socket.off("message", onMessage).off("close", onClose);
			resolve(verdict);
		};
		socket.on("message", onMessage).on("close", onClose);
		socket.send(JSON.stringify({ id, type: "subscribe", payload: asked }));
	});
}

async function readAnswer(response: Response): Promise<Verdict> {
	const text = await response.text();
	const stream = /^event: next\ndata: (.*)$/m.exec(text)?.[1];
	return verdictOf(JSON.parse(stream ?? text), response.status);
}

/** Asks over HTTP. */
export async function askHttp(api: Api, transport: Exclude<Transport, "WebSocket">, asked: Asked): Promise<Verdict> {
	const authorization = `Bearer ${api.token}`;
	const accept = "application/graphql-response+json";
	if (transport === "POST") return readAnswer(await api.post(asked, { accept }));
	if (transport === "SSE")
		return readAnswer(
			await fetch(`${api.url}/graphql/stream`, {
				method: "POST",
				headers: { authorization, "content-type": "application/json", accept: "text/event-stream" },
				body: JSON.stringify(asked),
			}),
		);
	const url = new URL(`${api.url}/graphql`);
	url.searchParams.set("query", asked.query);
	if (asked.variables) url.searchParams.set("variables", JSON.stringify(asked.variables));
	return readAnswer(await fetch(url, { headers: { authorization, accept, "apollo-require-preflight": "1" } }));
}
