/** Serves the API and the dashboard: `npm run serve`. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { type Env, readEnv } from "./env.ts";
import { hasLocalToken, readLocalToken } from "./security/local-token.ts";
import { checkSettings, checkToken, type ServeSettings, StartRefused } from "./security/profile.ts";

const usage = `npm run serve -- [options]

  --port N                 port to listen on (default 4000, or MITHRIDATE_PORT)
  --host ADDRESS           address to listen on (default: this computer's loopback alone)
  --no-auth                ask nobody for a token; on loopback only
  --shared                 serve other computers; needs the options below
  --allowed-hosts A,B      names that people reach it by
  --tls-certificate FILE   PEM files of its certificate
  --tls-key FILE             and key,
  --behind-proxy           or: a proxy in front speaks TLS
  --import-folder DIR      the folder that data sets may be imported from by path (default: any
                           readable path; none with --shared)
  --development            open pages load themselves anew when the dashboard is built anew
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
			"import-folder": { type: "string" },
			"create-token": { type: "boolean", default: false },
			development: { type: "boolean", default: false },
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
		development: values.development,
		importFolder: values["import-folder"] === undefined ? undefined : resolve(values["import-folder"]),
		createToken: values["create-token"],
		help: values.help,
	};
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Files this process makes are its owner's alone. */
process.umask(0o077);

async function start(args: readonly string[]): Promise<void> {
	const env = readEnv();
	const settings = readSettings(env, args);
	if (settings.help) return say(usage);
	if (settings.createToken) {
		readLocalToken(env.dataFolder);
		return say(`The token is in ${join(env.dataFolder, "token")}.`);
	}
	checkSettings(settings);
	checkToken(settings, hasLocalToken(env.dataFolder));
	// Only now what takes time to load: a start that is refused is refused at once.
	// The nursery grows to 128 MiB otherwise: after loading 343 MiB are resident instead of 184, and more under load.
	setFlagsFromString("--semi-space-growth-factor=1");
	// The rest grows by a quarter between collections instead of to several times what is in use: a thousand subscribers
	// take 262 MiB and .28 of a core instead of 487 MiB and .23.
	setFlagsFromString("--heap-growing-percent=25");
	const { serve } = await import("./serve.ts");
	await serve(env, settings);
	process.exit();
}

try {
	await start(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof StartRefused) && !(error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS"))
		throw error;
	process.stderr.write(`mithridate: ${(error as Error).message}\n`);
	process.exitCode = 2;
}
