/** Tells what this server is. */
import { Ctx, Query, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import { ServerInfo } from "./server-info.type.ts";

@Resolver()
export class ServerInfoResolver {
	@Query(() => ServerInfo, { description: "What this server is." })
	serverInfo(@Ctx() { facts }: Context): ServerInfo {
		return { ...facts };
	}
}
