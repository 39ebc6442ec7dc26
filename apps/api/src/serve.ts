/** Puts a server together from its settings, and takes it apart when it is asked to end. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { migrate, openDatabase, useToken } from "@mithridate/db";
import { openArtifacts } from "./artifact-store.ts";
import type { Env } from "./env.ts";
import { createGallery } from "./gallery/gallery.ts";
import { createLog } from "./http/log.ts";
import { createHub } from "./live/hub.ts";
import { schemaSha256 } from "./schema/build.ts";
import { readLocalToken } from "./security/local-token.ts";
import type { ServeSettings } from "./security/profile.ts";
import { startServer } from "./server.ts";
import { openRunQueue } from "./worker/queue.ts";
import { defaultTiming } from "./worker/settings.ts";
import { startSweeper } from "./worker/sweeper.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Serves until the process is asked to end, and ends what it started, however far it got. */
export async function serve(env: Env, settings: ServeSettings): Promise<void> {
	const asked = Promise.withResolvers<unknown>();
	// Ctrl-C comes from the terminal and once more from whoever started this: the second must not cut the end short.
	for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, asked.resolve);
	const ends: (() => unknown)[] = [];
	try {
		await start(env, settings, ends);
		await asked.promise;
	} finally {
		for (const end of ends.toReversed()) await end();
	}
}

/** Starts everything; `ends` is told how each part is ended, the first one last. */
async function start(env: Env, settings: ServeSettings, ends: (() => unknown)[]): Promise<void> {
	const { tlsCertificate, tlsKey } = settings;
	const tls =
		tlsCertificate !== undefined && tlsKey !== undefined
			? { cert: readFileSync(tlsCertificate, "utf8"), key: readFileSync(tlsKey, "utf8") }
			: null;
	const log = createLog(env.logLevel);
	const localToken = readLocalToken(env.dataFolder);
	const database = await openDatabase({
		dataFolder: env.dataFolder,
		...(env.databaseUrl === undefined ? {} : { url: env.databaseUrl }),
	});
	ends.push(() => database.close());
	await migrate(database);
	const queue = await openRunQueue(database.pool, (error) => log.warn({ err: error }, "the queue's upkeep failed"));
	ends.push(() => queue.close());
	const hub = createHub({ database, log });
	const gallery = createGallery({
		cacheFolder: join(env.dataFolder, "cache"),
		datasetFolder: join(env.dataFolder, "datasets"),
	});
	ends.push(() => gallery.close());
	const artifacts = openArtifacts(env.dataFolder, env.store);
	// So that a run whose worker died is not said to run when no other worker is there to notice.
	ends.push(startSweeper({ database, queue, artifacts, log, timing: defaultTiming }));
	const server = await startServer({
		services: {
			database,
			artifacts,
			queue,
			gallery,
			hub,
			log,
			facts: {
				version,
				schemaSha256: schemaSha256(),
				profile: settings.shared ? "shared" : "local",
				importRoot: settings.importFolder ?? (settings.shared ? undefined : null),
				features: ["sse", "websocket", "export"],
				database: database.kind,
				startedAt: new Date(),
			},
			clock: () => new Date(),
		},
		settings,
		localToken,
		databaseUrl: database.url,
		tls,
		webFolder: join(root, "apps", "web", "out"),
		findToken: (hash) => useToken(database.db, hash),
	});

	ends.push(() => server.close());

	if (!settings.auth) say("WARNING: --no-auth: every program on this computer can use and change everything here.");
	if (!existsSync(join(root, "apps", "web", "out", "index.html"))) say("The dashboard is not built: npm run build.");
	say(settings.shared ? `Mithridate serves ${server.url}` : `Open ${server.signInUrl()}`);
}
