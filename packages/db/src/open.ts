/** The database of an installation: the one that is named, or the embedded one of the data folder. */
import { resolve } from "node:path";
import { connect, type Database } from "./connect.ts";
import { openServer } from "./embedded/server.ts";

export interface OpenDatabase extends Database {
	readonly kind: "embedded" | "external";
	readonly url: string;
}

/**
 * Opens the server at `url`, or without one the embedded server of the data folder, which other processes may share.
 * Closing ends the pool and, for the last one who uses it, the embedded server.
 * @throws DatabaseError `server-unavailable` or `server-start-failed`, with the server's last words.
 */
export async function openDatabase({
	dataFolder,
	url,
	max,
}: {
	dataFolder: string;
	url?: string;
	max?: number;
}): Promise<OpenDatabase> {
	const pool = max === undefined ? {} : { max };
	if (url !== undefined) return { ...connect({ url, ...pool }), kind: "external", url };
	const server = await openServer(resolve(dataFolder));
	const database = connect({ url: server.url, ...pool });
	const close = async () => {
		await database.close();
		await server.release();
	};
	return { ...database, kind: "embedded", url: server.url, close };
}
