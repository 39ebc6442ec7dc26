/** The two ways to serve, and what each refuses to start without. */

export const profiles = ["local", "shared"] as const;
export type Profile = (typeof profiles)[number];

/** How this server was asked to serve. */
export interface ServeSettings {
	readonly shared: boolean;
	/** Address to listen on; undefined for both loopback addresses. */
	readonly host: string | undefined;
	readonly port: number;
	/** False where the caller need not show a token. */
	readonly auth: boolean;
	/** Host names that the shared profile answers to. */
	readonly allowedHosts: readonly string[];
	readonly tlsCertificate: string | undefined;
	readonly tlsKey: string | undefined;
	/** True where a proxy in front speaks TLS. */
	readonly behindProxy: boolean;
	/** Whether open pages load themselves anew when the dashboard is built anew. */
	readonly development?: boolean;
	/** Folder that data sets may be imported from; without it the local profile takes any path, the shared one none. */
	readonly importFolder?: string | undefined;
}

/** A start that was refused; the message names the setting that is missing and how to give it. */
export class StartRefused extends Error {
	readonly setting: string;

	constructor(setting: string, message: string) {
		super(message);
		this.name = "StartRefused";
		this.setting = setting;
	}
}

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

/** Refuses settings that would open this server to people it was not meant for. */
export function checkSettings(settings: ServeSettings): void {
	const { shared, host, auth, allowedHosts, tlsCertificate, tlsKey, behindProxy } = settings;
	if (!shared) {
		if (host !== undefined && !loopback.has(host))
			throw new StartRefused(
				"--shared",
				`${host} can be reached from other computers. Add --shared with --allowed-hosts and TLS or --behind-proxy, or leave --host out.`,
			);
		return;
	}
	if (!auth)
		throw new StartRefused(
			"--no-auth",
			"--no-auth is for loopback only. Leave it out: the shared profile needs tokens.",
		);
	if (allowedHosts.length === 0)
		throw new StartRefused(
			"--allowed-hosts",
			"--shared needs --allowed-hosts: the names people reach it by, as lab.example.org.",
		);
	const wild = allowedHosts.find((name) => name.includes("*"));
	if (wild !== undefined)
		throw new StartRefused("--allowed-hosts", `${wild} in --allowed-hosts is a wildcard. Write out each name.`);
	if ((tlsCertificate === undefined) !== (tlsKey === undefined))
		throw new StartRefused(
			tlsKey === undefined ? "--tls-key" : "--tls-certificate",
			"TLS needs both --tls-certificate and --tls-key, each the path of a PEM file.",
		);
	if (tlsCertificate === undefined && !behindProxy)
		throw new StartRefused(
			"--tls-certificate",
			"--shared needs TLS: give --tls-certificate and --tls-key, or --behind-proxy if a proxy in front speaks it.",
		);
}

/** Refuses a shared start for which nobody could sign in: its administrator begins with the data folder's token. */
export function checkToken(settings: ServeSettings, hasToken: boolean): void {
	if (settings.shared && !hasToken)
		throw new StartRefused(
			"token",
			"--shared needs a token in the data folder. Make one first: npm run serve -- --create-token.",
		);
}
