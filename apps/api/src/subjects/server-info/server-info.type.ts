/** What this server is. */
import { Field, ObjectType, registerEnumType } from "type-graphql";
import { DateTime, Sha256 } from "../scalars.ts";

const Profile = { LOCAL: "local", SHARED: "shared" } as const;

registerEnumType(Profile, {
	name: "Profile",
	description: "Whom this server serves.",
	valuesConfig: {
		LOCAL: { description: "The owner of this computer alone." },
		SHARED: { description: "Several people, each with a token." },
	},
});

@ObjectType({ description: "What this server is: scripts ask this instead of introspecting the schema." })
export class ServerInfo {
	@Field(() => String, { description: "Version of Mithridate." })
	version!: string;

	@Field(() => Sha256, { description: "Checksum of the schema's text, as committed in schema.graphql." })
	schemaSha256!: string;

	@Field(() => Profile, { description: "Whom it serves." })
	profile!: string;

	@Field(() => [String], { description: "What it can do beyond the schema, by name." })
	features!: readonly string[];

	@Field(() => String, { description: "Where its database is: embedded or external." })
	database!: string;

	@Field(() => DateTime, { description: "When it was started." })
	startedAt!: Date;
}
