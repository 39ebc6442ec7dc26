/** Who may do what: three roles, each a set of scopes; a token may hold fewer than its role. */

export const roles = ["viewer", "researcher", "admin"] as const;
export type Role = (typeof roles)[number];

export const scopes = ["runs-read", "runs-write", "datasets-write", "admin", "graphql-adhoc", "schema-read"] as const;
export type Scope = (typeof scopes)[number];

const scopesByRole: Record<Role, readonly Scope[]> = {
	viewer: ["runs-read", "graphql-adhoc", "schema-read"],
	researcher: ["runs-read", "runs-write", "datasets-write", "graphql-adhoc", "schema-read"],
	admin: scopes,
};

/** Who asks. */
export interface Viewer {
	readonly name: string;
	readonly role: Role;
	readonly scopes: ReadonlySet<Scope>;
	/** Row of the token that was shown; null for the local token, which lives in a file. */
	readonly tokenId: string | null;
}

/** The scopes that a token of a role holds when `asked` of them were given; none given means all of the role's. */
export function scopesOf(role: Role, asked: readonly string[] = []): ReadonlySet<Scope> {
	const allowed = scopesByRole[role];
	return new Set(asked.length === 0 ? allowed : allowed.filter((scope) => asked.includes(scope)));
}

/** Whoever holds the token of the local data folder owns everything in it. */
export const owner: Viewer = { name: "local", role: "admin", scopes: scopesOf("admin"), tokenId: null };
