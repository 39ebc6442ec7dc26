/** A run as GraphQL shows it; what needs more than its row is resolved in `run.resolver.ts` and `run-results.resolver.ts`. */
import type { Run as RunRow } from "@mithridate/db";
import { Field, Float, Int, ObjectType } from "type-graphql";
import { connectionType } from "../connections/connection.type.ts";
import { encodeId } from "../node/ids.ts";
import { Node } from "../node/node.type.ts";
import { DateTime, SafeInt, Sha256 } from "../scalars.ts";
import { RunIntent, RunStatus } from "./run.enums.ts";
import { Environment, Goal, RunFailure } from "./run-parts.type.ts";

@ObjectType({
	simpleResolvers: true,
	implements: Node,
	description: "One experiment with one seed: poisoned, trained, defended and evaluated.",
})
export class Run extends Node {
	/** The database's row. */
	readonly row: RunRow;

	@Field(() => Int, { description: "A short handle: runs are counted from 1." })
	readonly number: number;

	@Field(() => String, { description: "What people call it." })
	readonly name: string;

	@Field(() => RunStatus, { description: "What it is now." })
	readonly status: string;

	@Field(() => RunIntent, { description: "What is wanted of it." })
	readonly intent: string;

	@Field(() => Int, { description: "The higher, the sooner a worker takes it." })
	readonly priority: number;

	@Field(() => Int, { description: "Decides every draw." })
	readonly seed: number;

	@Field(() => Sha256, { description: "Checksum of its whole configuration." })
	readonly configHash: string;

	@Field(() => Sha256, { description: "Checksum of its configuration but for the seed: the same for repetitions." })
	readonly groupHash: string;

	@Field(() => [String], { description: "Words to find it by." })
	readonly tags: readonly string[];

	@Field(() => String, { nullable: true, description: "What people wrote about it." })
	readonly notes: string | null;

	@Field(() => DateTime, { description: "When it was asked for." })
	readonly createdAt: Date;

	@Field(() => DateTime, { nullable: true, description: "When its first attempt began." })
	readonly startedAt: Date | null;

	@Field(() => DateTime, { nullable: true, description: "When it ended." })
	readonly endedAt: Date | null;

	@Field(() => DateTime, { nullable: true, description: "When it was put out of sight." })
	readonly archivedAt: Date | null;

	@Field(() => Int, { description: "Number of the newest attempt; 0 before the first." })
	readonly attempt: number;

	@Field(() => RunFailure, { nullable: true, description: "Why it ended badly." })
	readonly error: RunFailure | null;

	@Field(() => Float, {
		nullable: true,
		description: "Poisoned over all training samples; null until the attack is made.",
	})
	readonly poisonShare: number | null;

	@Field(() => [Goal], { description: "What the attacker wants; empty until the attack is made." })
	readonly goals: readonly Goal[];

	@Field(() => Environment, {
		nullable: true,
		description: "What it was carried out with; null before its first attempt.",
	})
	readonly environment: Environment | null;

	@Field(() => SafeInt, { description: "Number of the newest event that is folded into this answer." })
	readonly throughSeq: number;

	constructor(row: RunRow) {
		super(encodeId("Run", row.id));
		this.row = row;
		this.number = row.number;
		this.name = row.name;
		this.status = row.status;
		this.intent = row.intent;
		this.priority = row.priority;
		this.seed = row.seed;
		this.configHash = row.configHash;
		this.groupHash = row.groupHash;
		this.tags = row.tags;
		this.notes = row.notes;
		this.createdAt = row.createdAt;
		this.startedAt = row.startedAt;
		this.endedAt = row.endedAt;
		this.archivedAt = row.archivedAt;
		this.attempt = row.epoch;
		this.error = row.error;
		this.poisonShare = row.poisonShare;
		this.goals = row.goals;
		this.environment = row.environment;
		this.throughSeq = row.lastSeq;
	}
}

export const RunConnection = connectionType("Run", () => Run);

/** Statuses that nothing follows by itself. */
export const endedStatuses: readonly string[] = ["succeeded", "failed", "cancelled", "quarantined"];
