/** Making, listing and revoking tokens; only for who manages them. */
import { createToken, listTokens, revokeToken } from "@mithridate/db";
import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import { type Scope as ScopeName, scopesOf } from "../../security/roles.ts";
import { createSecret, hashOf, prefixOf } from "../../security/secrets.ts";
import { type Connection, ForwardArgs } from "../connections/connection.type.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { NotFoundError, validationErrors } from "../failures/failure.type.ts";
import { idIn, writtenIssues } from "../input-limits.ts";
import {
	CreateTokenInput,
	CreateTokenPayload,
	RevokeTokenInput,
	RevokeTokenPayload,
	Token,
	TokenConnection,
} from "./token.type.ts";

@Resolver()
export class TokenResolver {
	@Authorized<ScopeName>("admin")
	@Query(() => TokenConnection, { description: "All tokens, the latest first." })
	async tokens(@Ctx() { database }: Context, @Args(() => ForwardArgs) page: ForwardArgs): Promise<Connection<Token>> {
		const order = "tokens";
		return connection({
			order,
			page: await listTokens(database.db, { page: pageRequest(order, page) }),
			key: ({ createdAt, id }) => ({ value: createdAt, id }),
			node: (row) => new Token(row),
		});
	}

	@Authorized<ScopeName>("admin")
	@Mutation(() => CreateTokenPayload, {
		description: "Makes a token. Its secret is shown in the answer and never again.",
	})
	async createToken(
		@Ctx() { database, clock }: Context,
		@Arg("input", () => CreateTokenInput, { description: "The token." }) input: CreateTokenInput,
	): Promise<CreateTokenPayload> {
		const { clientMutationId = null, name, role, scopes, expiresAt = null } = input;
		const issues = writtenIssues(input);
		const granted = scopesOf(role, scopes ?? []);
		const denied = (scopes ?? []).find((scope) => !granted.has(scope as ScopeName));
		if (denied !== undefined)
			issues.push({
				path: ["scopes"],
				message: `Role ${role} does not include ${denied}. Take another role, or leave it out.`,
			});
		if (expiresAt !== null && expiresAt <= clock())
			issues.push({
				path: ["expiresAt"],
				message: `${expiresAt.toISOString()} is in the past: give a later time, or none.`,
			});
		if (issues.length > 0) return { clientMutationId, token: null, secret: null, errors: validationErrors(issues) };
		const secret = createSecret();
		const row = await createToken(database.db, {
			name,
			hash: hashOf(secret),
			prefix: prefixOf(secret),
			role,
			scopes: [...granted],
			expiresAt,
		});
		return { clientMutationId, token: new Token(row), secret, errors: [] };
	}

	@Authorized<ScopeName>("admin")
	@Mutation(() => RevokeTokenPayload, { description: "Makes a token worthless at once." })
	async revokeToken(
		@Ctx() { database }: Context,
		@Arg("input", () => RevokeTokenInput, { description: "The token." }) input: RevokeTokenInput,
	): Promise<RevokeTokenPayload> {
		const { clientMutationId = null, tokenId } = input;
		const found = idIn("Token", tokenId, ["tokenId"]);
		if ("issue" in found) return { clientMutationId, token: null, errors: validationErrors([found.issue]) };
		const row = await revokeToken(database.db, found.uuid);
		if (row) return { clientMutationId, token: new Token(row), errors: [] };
		const missing = new NotFoundError(`There is no token with the id "${tokenId}".`, ["tokenId"]);
		return { clientMutationId, token: null, errors: [missing] };
	}
}
