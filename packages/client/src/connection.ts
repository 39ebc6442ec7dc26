/** One server: queries and mutations by POST, subscriptions by server-sent events. Needs nothing but `fetch`. */
import { print } from "@0no-co/graphql.web";
import { EventSourceParserStream } from "eventsource-parser/stream";
import type { TadaDocumentNode } from "./document.ts";
import { ApiError, faultOf } from "./errors.ts";

export interface ConnectionOptions {
	/** Address of the server, e.g. `http://127.0.0.1:4000`. */
	readonly url: string;
	/** Bearer token; a page served by the API itself has its cookie instead. */
	readonly token?: string | undefined;
	readonly fetch?: typeof fetch;
}

export interface Connection {
	/** Runs a query or a mutation. Throws `ApiError`. */
	request<Result, Variables>(
		document: TadaDocumentNode<Result, Variables>,
		variables: Variables,
		signal?: AbortSignal,
	): Promise<Result>;
	/** Results of one subscription until the server completes it or the connection breaks; read as fast as they are taken. */
	subscribe<Result, Variables>(
		document: TadaDocumentNode<Result, Variables>,
		variables: Variables,
		signal?: AbortSignal,
	): AsyncGenerator<Result, void>;
	/** The body of a download, e.g. an export. `path` may be a whole address or start at the server's root. */
	download(path: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** How the server answers in GraphQL, over HTTP or within a stream. */
interface Answer<Result> {
	readonly data?: Result | null;
	readonly errors?: Parameters<typeof faultOf>[0];
}

/** Describes a server; nothing is sent yet. */
export function openConnection({ url, token, fetch: send = fetch }: ConnectionOptions): Connection {
	const root = url.replace(/\/+$/, "");
	const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
	const post = (path: string, { accept, body, signal }: { accept: string; body: unknown; signal?: AbortSignal }) =>
		reach(root, () =>
			send(`${root}${path}`, {
				method: "POST",
				headers: { ...headers, accept, "content-type": "application/json" },
				body: JSON.stringify(body),
				...(signal && { signal }),
			}),
		);

	return {
		async request(document, variables, signal) {
			const response = await post("/graphql", {
				accept: "application/graphql-response+json, application/json;q=0.9",
				body: { query: print(document), variables },
				...(signal && { signal }),
			});
			return dataOf(await answerOf(response));
		},
		async *subscribe<Result, Variables>(
			document: TadaDocumentNode<Result, Variables>,
			variables: Variables,
			signal?: AbortSignal,
		) {
			const response = await post("/graphql/stream", {
				accept: "text/event-stream",
				body: { query: print(document), variables },
				...(signal && { signal }),
			});
			if (!response.ok || !response.body) throw await refusal(response);
			const messages = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
			for await (const { event, data } of messages as unknown as AsyncIterable<{ event?: string; data: string }>) {
				if (event === "complete") return;
				if (event === "next") yield dataOf<Result>(JSON.parse(data));
			}
			throw new ApiError("UNREACHABLE", `${root} closed the stream before it was complete.`, { retryable: true });
		},
		async download(path, signal) {
			const address = new URL(path, `${root}/`);
			const response = await reach(root, () => send(address, { headers, ...(signal && { signal }) }));
			if (!response.ok || !response.body) throw await refusal(response);
			return response.body;
		},
	};
}

async function reach(root: string, call: () => Promise<Response>): Promise<Response> {
	try {
		return await call();
	} catch (cause) {
		if ((cause as Error).name === "AbortError") throw cause;
		throw new ApiError("UNREACHABLE", `${root} cannot be reached: ${(cause as Error).message}. Is it running?`, {
			retryable: true,
			cause,
		});
	}
}

async function answerOf(response: Response): Promise<Answer<never>> {
	const text = await response.text();
	try {
		const answer: unknown = JSON.parse(text);
		if (answer !== null && typeof answer === "object" && ("data" in answer || "errors" in answer))
			return answer as Answer<never>;
	} catch {
		// Not GraphQL; said below with the status, which tells more.
	}
	throw new ApiError(
		response.status === 401 ? "UNAUTHENTICATED" : response.status === 403 ? "FORBIDDEN" : "UNREACHABLE",
		`The server answered ${response.status} ${response.statusText} instead of GraphQL: ${text.slice(0, 200)}`,
		{ retryable: response.status >= 500 },
	);
}

/** Why a stream or a download did not begin. */
async function refusal(response: Response): Promise<ApiError> {
	const { errors = [] } = await answerOf(response);
	return faultOf(errors);
}

function dataOf<Result>({ data, errors }: Answer<Result>): Result {
	if (errors) throw faultOf(errors);
	return data as Result;
}
