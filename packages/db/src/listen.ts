/** Hears the bells that transactions ring at their commit, on a connection of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

export interface Listener {
	close(): Promise<void>;
}

const LONGEST_WAIT_MS = 5000;

/**
 * Calls `onBell` with the text of each bell, and with null after each connection that was made anew: bells may have
 * been missed, so look for yourself. The promise resolves when the first connection listens.
 */
export async function listen(
	url: string,
	channel: string,
	onBell: (payload: string | null) => void,
): Promise<Listener> {
	let closed = false;
	let client = await attach();
	let mending: Promise<void> | undefined;

	async function attach(): Promise<pg.Client> {
		const fresh = new pg.Client({ connectionString: url, application_name: "mithridate-listener", keepAlive: true });
		fresh.on("notification", ({ payload }) => onBell(payload ?? ""));
		fresh.once("end", () => {
			if (!closed && fresh === client) mending = mend();
		});
		// The end follows, which mends it.
		fresh.on("error", () => undefined);
		await fresh.connect();
		await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
		return fresh;
	}

	async function mend(): Promise<void> {
		for (let tries = 0; !closed; tries++) {
			// Uneven waits, so that many listeners do not come back at once; the process id differs between them.
			const longest = Math.min(LONGEST_WAIT_MS, 100 * 2 ** tries);
			await sleep(longest * (0.5 + ((process.pid * 31 + tries * 17) % 50) / 100), undefined, { ref: false });
			if (closed) return;
			try {
				client = await attach();
				onBell(null);
				return;
			} catch {
				// The server is still away; every query of the application says so.
			}
		}
	}

	return {
		async close() {
			closed = true;
			await mending;
			await client.end().catch(() => undefined);
		},
	};
}
