/** Repetitions of one configuration, and what tells configurations apart. */
import { Field, ObjectType } from "type-graphql";
import { connectionType } from "../connections/connection.type.ts";
import { Sha256 } from "../scalars.ts";

@ObjectType({ simpleResolvers: true, description: "Runs that differ in nothing but the seed." })
export class RunGroup {
	@Field(() => Sha256, { description: "Checksum of all of the configuration but the seed." })
	readonly groupHash: string;

	/** Of the filter's runs, by seed. */
	readonly runIds: readonly string[];

	constructor(groupHash: string, runIds: readonly string[]) {
		this.groupHash = groupHash;
		this.runIds = runIds;
	}
}

export const RunGroupConnection = connectionType("RunGroup", () => RunGroup);

@ObjectType({ simpleResolvers: true, description: "A leaf of the configuration that is not the same in all runs." })
export class ConfigDifference {
	@Field(() => String, { description: "Its place, with dots." })
	path!: string;

	@Field(() => [String], {
		nullable: "items",
		description: "JSON text of each run's value; null where it has none there.",
	})
	values!: readonly (string | null)[];
}
