/** Who asks, and what asking costs. */
import { Arg, Ctx, Field, ObjectType, Query, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import { DateTime, SafeInt } from "../scalars.ts";
import { Role, Scope } from "../tokens/token.type.ts";

@ObjectType({ simpleResolvers: true, description: "Who asks." })
export class Viewer {
	@Field(() => String, { description: "Name of the token, or `local`." })
	name!: string;

	@Field(() => Role, { description: "What may be done at most." })
	role!: string;

	@Field(() => [Scope], { description: "What may be done." })
	scopes!: readonly string[];

	@Field(() => Boolean, { description: "Whether runs may be started and changed." })
	viewerCanStart!: boolean;

	@Field(() => Boolean, { description: "Whether tokens may be managed." })
	viewerCanAdminister!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "What this operation costs, and what the viewer has left." })
export class RateLimit {
	@Field(() => SafeInt, { description: "Points per window of time." })
	limit!: number;

	@Field(() => SafeInt, { description: "Points of this operation." })
	cost!: number;

	@Field(() => SafeInt, { description: "Points left in this window." })
	remaining!: number;

	@Field(() => SafeInt, { description: "Points used in this window." })
	used!: number;

	@Field(() => DateTime, { description: "When the next window begins." })
	resetAt!: Date;

	@Field(() => SafeInt, { description: "Objects that this operation may answer with." })
	nodeCount!: number;
}

@Resolver()
export class ViewerResolver {
	@Query(() => Viewer, { description: "Who asks." })
	viewer(@Ctx() { viewer: { name, role, scopes } }: Context): Viewer {
		return {
			name,
			role,
			scopes: [...scopes],
			viewerCanStart: scopes.has("runs-write"),
			viewerCanAdminister: scopes.has("admin"),
		};
	}

	@Query(() => RateLimit, { description: "What this operation costs, and what the viewer has left." })
	rateLimit(
		@Ctx() { cost }: Context,
		@Arg("dryRun", () => Boolean, {
			defaultValue: false,
			description: "Only price the operation: its other fields are not carried out, and nothing is taken off.",
		})
		_dryRun: boolean,
	): RateLimit {
		return cost;
	}
}
