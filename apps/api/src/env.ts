/** The environment of this process, read once and checked: the only place that looks at `process.env`. */
import { join } from "node:path";
import { z } from "zod";
import { StoreEnv } from "./store-env.ts";

const root = join(import.meta.dirname, "..", "..", "..");

const Environment = StoreEnv.extend({
	/** Folder of the database, artifacts, token and cache. */
	MITHRIDATE_DATA: z.string().min(1).default(join(root, "data")),
	/** A PostgreSQL server; without one the embedded server is started in the data folder. */
	DATABASE_URL: z
		.string()
		.regex(/^postgres(ql)?:\/\//, "must begin with postgres:// or postgresql://")
		.optional(),
	MITHRIDATE_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
	MITHRIDATE_LOG: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("warn"),
});

export interface Env {
	readonly dataFolder: string;
	readonly databaseUrl: string | undefined;
	readonly port: number;
	readonly logLevel: string;
	/** Where files are kept. */
	readonly store: StoreEnv;
}

/** The checked environment. Throws an error that names the variable, never its value: one of them holds a password. */
export function readEnv(environment: Readonly<Record<string, string | undefined>> = process.env): Env {
	const { success, data, error } = Environment.safeParse(environment);
	if (!success) throw new Error(error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"));
	return {
		dataFolder: data.MITHRIDATE_DATA,
		databaseUrl: data.DATABASE_URL,
		port: data.MITHRIDATE_PORT,
		logLevel: data.MITHRIDATE_LOG,
		store: data,
	};
}
