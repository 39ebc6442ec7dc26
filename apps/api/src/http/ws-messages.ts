/** Messages of a socket: graphql-ws writes them around a result, whose text is put in here. */
import type { FormattedExecutionResult } from "graphql";
import type { WebSocket } from "ws";
import { textOf } from "./result-text.ts";

export interface Messages {
	/** What stands for a result in the message that is sent next with it. */
	standIn(result: FormattedExecutionResult): FormattedExecutionResult;
	/** Resolves when the operating system took the bytes: until then a subscription pulls no further batch. */
	send(message: string): Promise<void>;
}

/** The end of a message with a stand-in; no client's text can look like it, since its quotes would be escaped. */
const ending = /"payload":"@result (\d+)"\}$/;

/** The messages of one socket. */
export function createMessages(socket: WebSocket): Messages {
	const results = new Map<string, FormattedExecutionResult>();
	let counter = 0;

	/** The message before its result, and the result; undefined for a message without one. */
	function split(message: string): { head: string; result: FormattedExecutionResult } | undefined {
		const [found, key] = ending.exec(message) ?? [];
		const result = key === undefined ? undefined : results.get(key);
		if (found === undefined || key === undefined || !result) return undefined;
		results.delete(key);
		return { head: `${message.slice(0, -found.length)}"payload":`, result };
	}

	return {
		standIn(result) {
			const key = String(++counter);
			results.set(key, result);
			return { toJSON: () => `@result ${key}` } as FormattedExecutionResult;
		},
		send(message) {
			const parts = split(message);
			return new Promise((resolve) => {
				if (socket.readyState !== socket.OPEN) return resolve();
				const done = () => resolve();
				if (!parts) return socket.send(message, done);
				const { text, bytes } = textOf(parts.result);
				if (!bytes) return socket.send(`${parts.head}${text}}`, done);
				// One message in three fragments: the long one is the same memory for every socket.
				socket.send(parts.head, { fin: false });
				socket.send(bytes, { binary: false, fin: false });
				socket.send("}", done);
			});
		},
	};
}
