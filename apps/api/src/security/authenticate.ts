/** Tells who asks, from a bearer token or the sign-in cookie, and whether that still holds later on. */
import type { IncomingHttpHeaders } from "node:http";
import { ApiError } from "../errors.ts";
import { owner, type Role, scopesOf, type Viewer } from "./roles.ts";
import { hashOf, isSameSecret, isWellFormed } from "./secrets.ts";
import { readCookie, type SignIn } from "./sign-in.ts";

/** A stored token, as far as it matters here. */
export interface StoredToken {
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	readonly scopes: readonly string[];
}

export interface AuthenticatorOptions {
	/** False where everybody who can connect is the owner. */
	readonly auth: boolean;
	readonly localToken: string;
	readonly signIn: SignIn;
	/** The token of a hash while it is neither expired nor revoked. */
	findToken(hash: Buffer): Promise<StoredToken | null>;
}

/** A caller, and a way to ask again whether it may still call. */
export interface Session {
	readonly viewer: Viewer;
	isAlive(): Promise<boolean>;
}

export interface Authenticator {
	/** The caller of an HTTP request. Throws UNAUTHENTICATED. */
	fromHeaders(headers: IncomingHttpHeaders): Promise<Session>;
	/** The caller that shows a secret. Throws UNAUTHENTICATED. */
	fromSecret(secret: string): Promise<Session>;
}

/** One answer for every token that does not hold: which of the reasons it was is nobody's business. */
const refused = () =>
	new ApiError(
		"UNAUTHENTICATED",
		"This token is unknown, expired or revoked. Send `Authorization: Bearer mmp_...`, or open the address that the server printed at its start.",
	);

/** Checks of tokens against the data folder's own and the database's. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
	const { auth, localToken, signIn, findToken } = options;
	const ownerSession: Session = { viewer: owner, isAlive: async () => true };

	async function fromSecret(secret: string): Promise<Session> {
		if (isSameSecret(secret, localToken)) return ownerSession;
		if (!isWellFormed(secret)) throw refused();
		const hash = hashOf(secret);
		const token = await findToken(hash);
		if (!token) throw refused();
		const { id, name, role, scopes } = token;
		return {
			viewer: { name, role, scopes: scopesOf(role, scopes), tokenId: id },
			isAlive: async () => (await findToken(hash)) !== null,
		};
	}

	return {
		fromSecret,
		async fromHeaders({ authorization, cookie }) {
			const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
			if (bearer !== undefined) return fromSecret(bearer);
			if (!auth) return ownerSession;
			const session = readCookie(cookie, signIn.cookieName);
			if (authorization !== undefined || session === undefined) throw refused();
			// A cookie holds the session of the local token, or, on the shared profile, the token it was made from.
			return signIn.isSession(session) ? ownerSession : fromSecret(session);
		},
	};
}
