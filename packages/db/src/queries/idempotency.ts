/** Requests that may be sent twice: the second gets the first one's answer. */
import { and, eq, lt, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { DatabaseError } from "../errors.ts";
import { idempotency } from "../schema/index.ts";

export interface IdempotentRequest {
	/** Who asks for what, e.g. a token's id and the mutation's name. */
	readonly scope: string;
	readonly key: string;
	/** SHA-256 of the request: the same key with another request is an error. */
	readonly inputHash: string;
}

/**
 * Does the work and keeps its result under the key, or returns the result kept before. A second request waits while the
 * first is in its transaction.
 * @throws DatabaseError `idempotency-conflict` when the key was used for another request.
 */
export async function idempotently<Result>(
	tx: Db,
	request: IdempotentRequest,
	work: () => Promise<Result>,
): Promise<{ result: Result; replayed: boolean }> {
	const { scope, key, inputHash } = request;
	const mine = and(eq(idempotency.scope, scope), eq(idempotency.key, key));
	const claimed = await tx
		.insert(idempotency)
		.values({ scope, key, inputHash })
		.onConflictDoNothing()
		.returning({ key: idempotency.key });
	if (claimed.length === 1) {
		const result = await work();
		await tx.update(idempotency).set({ result }).where(mine);
		return { result, replayed: false };
	}
	const [before] = await tx.select().from(idempotency).where(mine);
	if (before?.inputHash !== inputHash)
		throw new DatabaseError(
			"idempotency-conflict",
			`The idempotency key "${key}" was used before with another input. Take a new key for a new request.`,
			{ subject: key },
		);
	return { result: before.result as Result, replayed: true };
}

/** Forgets answers older than some hours; returns how many. */
export async function forgetIdempotency(db: Db, { hours }: { hours: number }): Promise<number> {
	const old = lt(idempotency.createdAt, sql`now() - make_interval(hours => ${hours})`);
	return (await db.delete(idempotency).where(old)).rowCount ?? 0;
}
