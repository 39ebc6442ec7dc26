/** What has an id can be asked for again by it. */
import { Field, ID, InterfaceType } from "type-graphql";

@InterfaceType({ description: "Anything with an id that never changes and never names anything else." })
export abstract class Node {
	@Field(() => ID, { description: "Opaque, unique over all types." })
	readonly id: string;

	constructor(id: string) {
		this.id = id;
	}
}
