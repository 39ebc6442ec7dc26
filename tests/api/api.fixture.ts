/** A server of its own for a test file, and the ways to ask it. */
import "reflect-metadata";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { diskArtifacts, useToken } from "@mithridate/db";
import type { TestDatabase } from "@mithridate/db/testing";
import { afterAll } from "vitest";
import type { Services } from "../../apps/api/src/context.ts";
import { createLog } from "../../apps/api/src/http/log.ts";
import { createHub } from "../../apps/api/src/live/hub.ts";
import { readLocalToken } from "../../apps/api/src/security/local-token.ts";
import type { ServeSettings } from "../../apps/api/src/security/profile.ts";
import { type Server, startServer } from "../../apps/api/src/server.ts";

export interface Api extends Server {
	readonly token: string;
	readonly services: Services;
	readonly dataFolder: string;
	/** What the server logged, line by line. */
	readonly logged: string[];
	/** Asks over HTTP with the owner's token. */
	post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export interface ApiOptions {
	readonly settings?: Partial<ServeSettings>;
	readonly services?: Partial<Services>;
	readonly facts?: Partial<Services["facts"]>;
	readonly webFolder?: string;
}

const settings: ServeSettings = {
	shared: false,
	host: undefined,
	port: 0,
	auth: true,
	allowedHosts: [],
	tlsCertificate: undefined,
	tlsKey: undefined,
	behindProxy: false,
};

/** A queue that takes every job and starts none. */
const noQueue: Services["queue"] = {
	enqueue: async () => undefined,
	take: async () => null,
	reprioritise: async () => undefined,
	remove: async () => undefined,
	holds: async () => false,
	close: async () => undefined,
};

/** A gallery that is never asked. */
const noGallery: Services["gallery"] = {
	cacheFolder: tmpdir(),
	ask: () => Promise.reject(new Error("the gallery is not part of this test")),
	close: async () => undefined,
};

/** Starts a server over a database; it is closed after the file's last test. */
export async function startApi(database: TestDatabase, options: ApiOptions = {}): Promise<Api> {
	const dataFolder = mkdtempSync(join(tmpdir(), "mithridate-api-"));
	const logged: string[] = [];
	const log = createLog("debug", { write: (line: string) => logged.push(line) } as unknown as NodeJS.WritableStream);
	const token = readLocalToken(dataFolder);
	const services: Services = {
		database,
		artifacts: diskArtifacts(join(dataFolder, "artifacts")),
		queue: noQueue,
		gallery: noGallery,
		hub: createHub({ database, log }),
		log,
		facts: {
			version: "0.0.0",
			schemaSha256: "0".repeat(64),
			profile: options.settings?.shared ? "shared" : "local",
			features: [],
			database: database.kind,
			startedAt: new Date(),
			...options.facts,
		},
		clock: () => new Date(),
		...options.services,
	};
	const server = await startServer({
		services,
		settings: { ...settings, ...options.settings },
		localToken: token,
		databaseUrl: database.url,
		tls: null,
		webFolder: options.webFolder ?? join(dataFolder, "no-dashboard"),
		findToken: (hash) => useToken(database.db, hash),
	});
	afterAll(async () => {
		await server.close();
		rmSync(dataFolder, { recursive: true, force: true });
	});
	return {
		...server,
		token,
		services,
		dataFolder,
		logged,
		post: (body, headers) =>
			fetch(`http://localhost:${server.port}/graphql`, {
				method: "POST",
				headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
				body: typeof body === "string" ? body : JSON.stringify(body),
			}),
	};
}

/** Prints a test's figures as one line of JSON, from which tables of results are made. */
export function figure(check: string, figures: Readonly<Record<string, number | string>>): void {
	process.stdout.write(`${JSON.stringify({ check, ...figures })}\n`);
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
