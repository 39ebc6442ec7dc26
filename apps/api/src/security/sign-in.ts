/** One-time codes that turn into a cookie: the address with the code may stay in a browser's history. */
import { createHmac, randomBytes } from "node:crypto";
import { hashOf, isSameSecret } from "./secrets.ts";

const CODE_MS = 10 * 60_000;
const COOKIE_SECONDS = 30 * 24 * 3600;

export interface SignIn {
	readonly cookieName: string;
	/** A code that opens one session, once, within ten minutes. */
	createCode(): string;
	/** The session that a code stands for, or undefined if the code is unknown, used or too old. */
	exchange(code: string): string | undefined;
	/** The value of a `Set-Cookie` header. */
	cookie(session: string): string;
	/** Whether a session was made from the local token that holds now. */
	isSession(session: string): boolean;
}

/** Sign-in with the local token. Sessions outlive restarts: they are derived from the token, and end when it is replaced. */
export function createSignIn(token: string, { port, clock }: { port: number; clock(): Date }): SignIn {
	const session = createHmac("sha256", token).update("session").digest("base64url");
	const codes = new Map<string, number>();
	// Cookies know no ports: without the number two installs on one computer would take each other's.
	const cookieName = `mithridate-${port}`;
	const key = (code: string) => hashOf(code).toString("hex");

	return {
		cookieName,
		createCode() {
			const code = randomBytes(32).toString("base64url");
			codes.set(key(code), clock().getTime() + CODE_MS);
			return code;
		},
		exchange(code) {
			const endsAt = codes.get(key(code));
			codes.delete(key(code));
			return endsAt !== undefined && clock().getTime() < endsAt ? session : undefined;
		},
		cookie: (value) => `${cookieName}=${value}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Strict`,
		isSession: (value) => isSameSecret(value, session),
	};
}

/** The value of a cookie in a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
	for (const part of header?.split(";") ?? []) {
		const at = part.indexOf("=");
		if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
	}
	return undefined;
}
