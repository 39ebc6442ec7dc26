"use client";
/** The one way to the server: queries and mutations over HTTP, feeds over one WebSocket at the same address. */
import {
	Client,
	cacheExchange,
	fetchExchange,
	mapExchange,
	stringifyDocument,
	type TypedDocumentNode,
} from "@urql/core";
import { createClient as createSocket, type Client as Socket } from "graphql-ws";
import { noteAsked } from "./asked.ts";

export const client = new Client({
	url: "/graphql",
	exchanges: [mapExchange({ onOperation: noteAsked }), cacheExchange, fetchExchange],
	// The server refuses queries by GET without a header that browsers do not send by themselves.
	preferGetMethod: false,
});

let socket: Socket | undefined;
let isOpen = false;

function openSocket(): Socket {
	const { protocol, host } = window.location;
	socket ??= createSocket({
		url: `${protocol === "https:" ? "wss" : "ws"}://${host}/graphql`,
		// A retry by the socket would send the first cursor again; feeds reconnect by themselves with the newest one.
		retryAttempts: 0,
		keepAlive: 12_000,
		on: {
			connected: () => {
				isOpen = true;
			},
			closed: () => {
				isOpen = false;
			},
		},
	});
	return socket;
}

interface Sink<Data> {
	/** The server can be reached; what it has to say may be long in coming. */
	readonly opened: () => void;
	readonly next: (data: Data) => void;
	/** The stream broke, or the server refused it. */
	readonly error: (error: unknown) => void;
	/** The server has nothing more to say: the run has ended. */
	readonly complete: () => void;
}

/** Subscribes once; the caller decides about reconnecting. Returns what ends it. */
export function subscribeOnce<Data, Variables extends Record<string, unknown>>(
	document: TypedDocumentNode<Data, Variables>,
	variables: Variables,
	sink: Sink<Data>,
): () => void {
	const open = openSocket();
	const forget = open.on("connected", sink.opened);
	if (isOpen) sink.opened();
	const end = open.subscribe<Data>(
		{ query: stringifyDocument(document), variables },
		{
			next: ({ data, errors }) => (errors?.length ? sink.error(errors) : data && sink.next(data)),
			error: sink.error,
			complete: sink.complete,
		},
	);
	return () => {
		forget();
		end();
	};
}
