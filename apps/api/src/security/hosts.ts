/** Which Host and Origin headers are answered: the guard against rebound names and foreign pages. */

export interface HostPolicy {
	/** Whether a request's Host header names this server. */
	isHost(header: string | undefined): boolean;
	/** Whether a page of this origin may talk to this server. */
	isOrigin(header: string): boolean;
}

/** Allowed host names, `name` or `name:port`; without a port any is meant. A wildcard is no name and matches nothing. */
export function createHostPolicy(hosts: readonly string[], options: { schemes: readonly string[] }): HostPolicy {
	const allowed = new Set(hosts.map((host) => host.toLowerCase()));
	// What browsers send: a name, an IPv4 address or a bracketed IPv6 one, and perhaps a port. No user, path or dot at the end.
	const form = /^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/;

	const isName = (text: string) => {
		const name = text.toLowerCase();
		return form.test(name) && (allowed.has(name) || allowed.has(name.replace(/:\d+$/, "")));
	};

	return {
		isHost: (header) => header !== undefined && isName(header),
		isOrigin(header) {
			const at = header.indexOf("://");
			return at > 0 && options.schemes.includes(header.slice(0, at)) && isName(header.slice(at + 3));
		},
	};
}

/** The names of this computer's own loopback, at one port. */
export function loopbackHosts(port: number): string[] {
	const names = ["localhost", "127.0.0.1", "[::1]"];
	return port === 80 ? [...names, ...names.map((name) => `${name}:80`)] : names.map((name) => `${name}:${port}`);
}
