/** A piece of a run's work, addressed by all that decides its result. */
import { Field, Float, ObjectType } from "type-graphql";
import { Sha256 } from "../scalars.ts";

@ObjectType({
	simpleResolvers: true,
	description: "A piece of work: the same key is the same work, done once for all runs.",
})
export class Stage {
	@Field(() => String, { description: "What the run calls it." })
	readonly name: string;

	@Field(() => Sha256, { description: "Checksum of all that decides its result." })
	readonly key: string;

	@Field(() => Boolean, { description: "Whether another run had finished it before." })
	readonly reused: boolean;

	@Field(() => Float, { nullable: true, description: "Time of training; null until it is finished." })
	readonly seconds: number | null;

	constructor({ name, key, reused, seconds }: Pick<Stage, "name" | "key" | "reused" | "seconds">) {
		this.name = name;
		this.key = key;
		this.reused = reused;
		this.seconds = seconds;
	}
}
