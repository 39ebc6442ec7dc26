/** Tokens: what opens this API to a person or a service. */
import type { Token as TokenRow } from "@mithridate/db";
import { Field, ID, InputType, ObjectType, registerEnumType } from "type-graphql";
import { connectionType } from "../connections/connection.type.ts";
import { MutationInput, MutationPayload } from "../failures/payload.type.ts";
import { encodeId } from "../node/ids.ts";
import { Node } from "../node/node.type.ts";
import { DateTime } from "../scalars.ts";

export const Role = { VIEWER: "viewer", RESEARCHER: "researcher", ADMIN: "admin" } as const;

registerEnumType(Role, {
	name: "Role",
	description: "What a viewer may do at most.",
	valuesConfig: {
		VIEWER: { description: "Look." },
		RESEARCHER: { description: "Look, and start and change runs." },
		ADMIN: { description: "All there is." },
	},
});

export const Scope = {
	RUNS_READ: "runs-read",
	RUNS_WRITE: "runs-write",
	DATASETS_WRITE: "datasets-write",
	ADMIN: "admin",
	GRAPHQL_ADHOC: "graphql-adhoc",
	SCHEMA_READ: "schema-read",
} as const;

registerEnumType(Scope, {
	name: "Scope",
	description: "One thing a viewer may do.",
	valuesConfig: {
		RUNS_READ: { description: "Read runs, studies, data sets and results." },
		RUNS_WRITE: { description: "Start, change and delete runs and studies." },
		DATASETS_WRITE: { description: "Import data sets." },
		ADMIN: { description: "Manage tokens." },
		GRAPHQL_ADHOC: { description: "Send documents of one's own." },
		SCHEMA_READ: { description: "Introspect the schema." },
	},
});

@ObjectType({
	simpleResolvers: true,
	implements: Node,
	description: "What opens this API to a person or a service; its secret is stored nowhere.",
})
export class Token extends Node {
	@Field(() => String, { description: "Whom or what it is for." })
	readonly name: string;

	@Field(() => String, { description: "The secret's first letters, to tell tokens apart." })
	readonly prefix: string;

	@Field(() => Role, { description: "What it allows at most." })
	readonly role: string;

	@Field(() => [Scope], { description: "What it allows." })
	readonly scopes: readonly string[];

	@Field(() => DateTime, { description: "When it was made." })
	readonly createdAt: Date;

	@Field(() => DateTime, { nullable: true, description: "When it ends; null for never." })
	readonly expiresAt: Date | null;

	@Field(() => DateTime, { nullable: true, description: "When it was last used, to the minute." })
	readonly lastUsedAt: Date | null;

	@Field(() => DateTime, { nullable: true, description: "When it was made worthless." })
	readonly revokedAt: Date | null;

	constructor(row: TokenRow) {
		super(encodeId("Token", row.id));
		this.name = row.name;
		this.prefix = row.prefix;
		this.role = row.role;
		this.scopes = row.scopes;
		this.createdAt = row.createdAt;
		this.expiresAt = row.expiresAt;
		this.lastUsedAt = row.lastUsedAt;
		this.revokedAt = row.revokedAt;
	}
}

export const TokenConnection = connectionType("Token", () => Token);

@InputType({ description: "A token to make." })
export class CreateTokenInput extends MutationInput {
	@Field(() => String, { description: "Whom or what it is for: at most 200 characters." })
	name!: string;

	@Field(() => Role, { description: "What it allows at most." })
	role!: (typeof Role)[keyof typeof Role];

	@Field(() => [Scope], { nullable: true, description: "Of what the role allows; all of it where it is left out." })
	scopes?: string[] | null;

	@Field(() => DateTime, { nullable: true, description: "When it ends; never where it is left out." })
	expiresAt?: Date | null;
}

@ObjectType({ simpleResolvers: true, description: "What became of a token that was to be made." })
export class CreateTokenPayload extends MutationPayload {
	@Field(() => Token, { nullable: true, description: "The token; null when there are errors." })
	token?: Token | null;

	@Field(() => String, { nullable: true, description: "The secret, shown this once." })
	secret?: string | null;
}

@InputType({ description: "A token to make worthless." })
export class RevokeTokenInput extends MutationInput {
	@Field(() => ID, { description: "The token." })
	tokenId!: string;
}

@ObjectType({ simpleResolvers: true, description: "What became of a token that was to be made worthless." })
export class RevokeTokenPayload extends MutationPayload {
	@Field(() => Token, { nullable: true, description: "The token as it is now; null when there are errors." })
	token?: Token | null;
}
