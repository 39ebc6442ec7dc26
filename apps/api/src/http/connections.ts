/** Live connections and the tokens they were opened with: one whose token no longer holds is closed. */

import { SOCKET_LIMITS } from "../limits/limits.ts";
import type { Session } from "../security/authenticate.ts";

export interface Connections {
	/** Notes a connection; returns what to call when it ends. */
	add(session: Session, close: () => void): () => void;
	/** Connections of one token. */
	count(tokenId: string): number;
	/** Asks of every token again whether it holds. */
	recheck(): Promise<void>;
	close(): void;
}

/** Looks at all tokens every few seconds. */
export function createConnections(onError: (error: unknown) => void): Connections {
	const open = new Map<object, { session: Session; close: () => void }>();

	async function recheck(): Promise<void> {
		const alive = new Map<string, Promise<boolean>>();
		await Promise.all(
			[...open].map(async ([key, { session, close }]) => {
				const id = session.viewer.tokenId;
				if (id === null) return;
				const answer = alive.get(id) ?? session.isAlive();
				alive.set(id, answer);
				if (!(await answer) && open.delete(key)) close();
			}),
		);
	}

	const timer = setInterval(() => recheck().catch(onError), SOCKET_LIMITS.recheckMs);
	timer.unref();

	return {
		add(session, close) {
			const key = {};
			open.set(key, { session, close });
			return () => {
				open.delete(key);
			};
		},
		count: (tokenId) => [...open.values()].filter(({ session }) => session.viewer.tokenId === tokenId).length,
		recheck,
		close: () => clearInterval(timer),
	};
}
