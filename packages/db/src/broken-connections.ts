/** Connections that break while a transaction uses them go back to their pool, which replaces them. */
import type pg from "pg";

type Take = () => Promise<pg.PoolClient>;

/**
 * Makes a pool take back a connection at the moment it breaks. The query builder gives none back whose `begin` failed: ten
 * of those, and nobody would ever get a connection again. Giving one back twice does nothing.
 */
export function takeBackBroken(pool: pg.Pool): void {
	// Without a listener of its own a connection that breaks between two statements would end the process. It may say so
	// more than once, and the transaction's next statement fails by itself.
	pool.on("connect", (client) => client.on("error", () => undefined));
	const original = pool.connect.bind(pool) as Take & pg.Pool["connect"];
	const take: Take = async () => {
		const client = await original();
		const release = client.release.bind(client);
		let isBack = false;
		const giveBack = (fault?: Error | boolean) => {
			if (isBack) return;
			isBack = true;
			client.off("error", giveBack);
			release(fault);
		};
		client.release = giveBack;
		client.on("error", giveBack);
		return client;
	};
	// With a callback it is the pool itself that asks, for a single query, and gives back what it took.
	pool.connect = ((callback?: Parameters<typeof original>[0]) =>
		callback === undefined ? take() : original(callback)) as pg.Pool["connect"];
}
