/** Serves the API and the dashboard: `npm run serve`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { diskArtifacts, migrate, openDatabase, useToken } from "@mithridate/db";
import { type Env, readEnv } from "./env.ts";
import { createGallery } from "./gallery/gallery.ts";
import { createLog } from "./http/log.ts";
import { createHub } from "./live/hub.ts";
import { schemaSha256 } from "./schema/build.ts";
import { hasLocalToken, readLocalToken } from "./security/local-token.ts";
import { checkSettings, checkToken, type ServeSettings, StartRefused } from "./security/profile.ts";
import { startServer } from "./server.ts";
import { openRunQueue } from "./worker/queue.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const usage = `npm run serve -- [options]

  --port N                 port to listen on (default 4000, or MITHRIDATE_PORT)
  --host ADDRESS           address to listen on (default: this computer's loopback alone)
  --no-auth                ask nobody for a token; on loopback only
  --shared                 serve other computers; needs the options below
  --allowed-hosts A,B      names that people reach it by
  --tls-certificate FILE   PEM files of its certificate
  --tls-key FILE             and key,
  --behind-proxy           or: a proxy in front speaks TLS
  --create-token           make the data folder's token if it has none, and end
`;

function readSettings(env: Env, args: readonly string[]): ServeSettings & { createToken: boolean; help: boolean } {
	const { values } = parseArgs({
		args: [...args],
		allowNegative: true,
		options: {
			auth: { type: "boolean", default: true },
			shared: { type: "boolean", default: false },
			host: { type: "string" },
			port: { type: "string", default: String(env.port) },
			"allowed-hosts": { type: "string", default: "" },
			"tls-certificate": { type: "string" },
			"tls-key": { type: "string" },
			"behind-proxy": { type: "boolean", default: false },
			"create-token": { type: "boolean", default: false },
			help: { type: "boolean", default: false },
		},
	});
	const port = Number(values.port);
	if (!Number.isInteger(port) || port < 0 || port > 65_535)
		throw new StartRefused("--port", `--port ${values.port} is no port. Give a number from 0 to 65535.`);
	return {
		auth: values.auth,
		shared: values.shared,
		host: values.host,
		port,
		allowedHosts: values["allowed-hosts"].split(",").filter((name) => name !== ""),
		tlsCertificate: values["tls-certificate"],
		tlsKey: values["tls-key"],
		behindProxy: values["behind-proxy"],
		createToken: values["create-token"],
		help: values.help,
	};
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Files this process makes are its owner's alone. */
process.umask(0o077);

async function serve(args: readonly string[]): Promise<void> {
	const env = readEnv();
	const settings = readSettings(env, args);
	if (settings.help) return say(usage);
	if (settings.createToken) {
		readLocalToken(env.dataFolder);
		return say(`The token is in ${join(env.dataFolder, "token")}.`);
	}
	checkSettings(settings);
	checkToken(settings, hasLocalToken(env.dataFolder));
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
	await migrate(database);
	const queue = await openRunQueue(database.pool, (error) => log.warn({ err: error }, "the queue's upkeep failed"));
	const hub = createHub({ database, log });
	const gallery = createGallery({ cacheFolder: join(env.dataFolder, "cache") });
	const server = await startServer({
		services: {
			database,
			artifacts: diskArtifacts(join(env.dataFolder, "artifacts")),
			queue,
			gallery,
			hub,
			log,
			facts: {
				version,
				schemaSha256: schemaSha256(),
				profile: settings.shared ? "shared" : "local",
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

	let isClosing = false;
	const close = async () => {
		if (isClosing) return;
		isClosing = true;
		await server.close();
		await Promise.all([queue.close(), gallery.close()]);
		await database.close();
	};
	for (const signal of ["SIGTERM", "SIGINT"] as const)
		process.on(signal, () => {
			close().then(
				() => process.exit(0),
				(error: unknown) => {
					log.fatal({ err: error }, "the server could not be closed");
					process.exit(1);
				},
			);
		});

	if (!settings.auth) say("WARNING: --no-auth: every program on this computer can use and change everything here.");
	if (!existsSync(join(root, "apps", "web", "out", "index.html"))) say("The dashboard is not built: npm run build.");
	say(settings.shared ? `Mithridate serves ${server.url}` : `Open ${server.signInUrl()}`);
}

try {
	await serve(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof StartRefused) && !(error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS"))
		throw error;
	process.stderr.write(`mithridate: ${(error as Error).message}\n`);
	process.exitCode = 2;
}
