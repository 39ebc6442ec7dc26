/** Requests that may be sent twice, and what the database refuses. */
import { DatabaseError, hashOf, type IdempotentRequest } from "@mithridate/db";
import type { Context } from "../../context.ts";
import { ConflictError, type Failure, NotFoundError } from "./failure.type.ts";

/** The request's key, kept apart by caller and mutation, with a hash of all that was asked. */
export function idempotencyOf(
	{ viewer }: Context,
	mutation: string,
	input: { readonly idempotencyKey: string; readonly clientMutationId?: string | null },
): IdempotentRequest {
	const { idempotencyKey, clientMutationId: _, ...request } = input;
	return { scope: `${viewer.tokenId ?? viewer.name}:${mutation}`, key: idempotencyKey, inputHash: hashOf(request) };
}

/** Does the work; what the database refuses because of other rows becomes a failure of the payload. */
export async function orConflict<Result extends object>(
	work: () => Promise<Result>,
): Promise<Result | { failure: Failure }> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof DatabaseError)) throw error;
		if (error.code === "idempotency-conflict") return { failure: new ConflictError(error.message, ["idempotencyKey"]) };
		if (error.code === "conflict") return { failure: new ConflictError(error.message) };
		if (error.code === "not-found") return { failure: new NotFoundError(error.message) };
		throw error;
	}
}
