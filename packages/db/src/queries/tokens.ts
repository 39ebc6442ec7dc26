/** Tokens: only a hash of each secret is stored. */
import { and, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { tokens } from "../schema/index.ts";
import { type PageOf, type PageRequest, paged } from "./pages.ts";

export type Token = typeof tokens.$inferSelect;

/** Stores a token by the hash of its secret. */
export async function createToken(
	db: Db,
	token: Pick<Token, "name" | "hash" | "prefix" | "role" | "scopes"> & { expiresAt?: Date | null },
): Promise<Token> {
	const [row] = await db.insert(tokens).values(token).returning();
	return row!;
}

/** The token of a secret, by its hash, while it is neither expired nor revoked; notes once a minute that it was used. */
export async function useToken(db: Db, hash: Buffer): Promise<Token | null> {
	const valid = or(isNull(tokens.expiresAt), gt(tokens.expiresAt, sql`now()`));
	const [token] = await db
		.select()
		.from(tokens)
		.where(and(eq(tokens.hash, hash), isNull(tokens.revokedAt), valid));
	if (!token) return null;
	const stale = sql`(${tokens.lastUsedAt} IS NULL OR ${tokens.lastUsedAt} < now() - interval '1 minute')`;
	if (token.lastUsedAt === null || Date.now() - token.lastUsedAt.getTime() > 60_000)
		await db
			.update(tokens)
			.set({ lastUsedAt: sql`now()` })
			.where(and(eq(tokens.id, token.id), stale));
	return token;
}

/** The tokens of some ids, in any order; unknown ids are left out. */
export async function findTokens(db: Db, ids: readonly string[]): Promise<Token[]> {
	return ids.length === 0
		? []
		: db
				.select()
				.from(tokens)
				.where(inArray(tokens.id, [...ids]));
}

/** Makes a token worthless from now on. Null when there is no such token. */
export async function revokeToken(db: Db, id: string): Promise<Token | null> {
	const [token] = await db
		.update(tokens)
		.set({ revokedAt: sql`coalesce(${tokens.revokedAt}, now())` })
		.where(eq(tokens.id, id))
		.returning();
	return token ?? null;
}

/** A page of tokens, the latest first. */
export function listTokens(db: Db, { page }: { page: PageRequest }): Promise<PageOf<Token>> {
	return paged({ key: tokens.createdAt, id: tokens.id, direction: "desc" }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(tokens)
			.where(where)
			.orderBy(...orderBy)
			.limit(limit),
	);
}
