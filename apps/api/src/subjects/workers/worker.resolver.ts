/** Who carries runs out, and what waits for them. */
import { listWorkers, queueState } from "@mithridate/db";
import { Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { DatasetImport } from "../imports/import.type.ts";
import { encodeId } from "../node/ids.ts";
import { Run } from "../runs/run.type.ts";
import { DateTime, SafeInt } from "../scalars.ts";

type WorkerRow = Awaited<ReturnType<typeof listWorkers>>[number];

@ObjectType({ simpleResolvers: true, description: "A process that carries runs out." })
export class Worker {
	/** The database's row. */
	readonly row: WorkerRow;

	@Field(() => ID, { description: "Opaque." })
	readonly id: string;

	@Field(() => String, { description: "What it is called." })
	readonly name: string;

	@Field(() => String, { description: "The machine it is on." })
	readonly host: string;

	@Field(() => Int, { description: "Its process there." })
	readonly pid: number;

	@Field(() => DateTime, { description: "When it began." })
	readonly startedAt: Date;

	@Field(() => DateTime, { description: "When it was last heard of." })
	readonly heartbeatAt: Date;

	@Field(() => Boolean, { description: "Whether it was heard of lately." })
	readonly isAlive: boolean;

	@Field(() => Int, { description: "Threads it trains with." })
	readonly threads: number;

	@Field(() => String, { description: "Version of its code." })
	readonly version: string;

	constructor(row: WorkerRow) {
		this.row = row;
		this.id = encodeId("Worker", row.id);
		this.name = row.name;
		this.host = row.host;
		this.pid = row.pid;
		this.startedAt = row.startedAt;
		this.heartbeatAt = row.heartbeatAt;
		this.isAlive = row.isAlive;
		this.threads = row.threads;
		this.version = row.version;
	}
}

@ObjectType({ simpleResolvers: true, description: "What waits and what runs." })
export class Queue {
	@Field(() => SafeInt, { description: "Runs that wait." })
	depth!: number;

	@Field(() => SafeInt, { description: "Runs that workers have." })
	running!: number;

	@Field(() => DateTime, { nullable: true, description: "Since when the first of them waits; null when none does." })
	oldestQueuedAt!: Date | null;
}

@Resolver(() => Worker)
export class WorkerResolver {
	@Query(() => [Worker], { description: "All workers known, the latest first." })
	async workers(@Ctx() { database }: Context): Promise<Worker[]> {
		return (await listWorkers(database.db)).map((row) => new Worker(row));
	}

	@Query(() => Queue, { description: "What waits and what runs." })
	queue(@Ctx() { database }: Context): Promise<Queue> {
		return queueState(database.db);
	}

	@FieldResolver(() => Run, { nullable: true, description: "The run it has." })
	async run(@Root() { row }: Worker, @Ctx() { loaders }: Context): Promise<Run | null> {
		const run = row.runId && (await loaders.run.load(row.runId));
		return run ? new Run(run) : null;
	}

	@FieldResolver(() => DatasetImport, { nullable: true, description: "The import it has." })
	async import(@Root() { row }: Worker, @Ctx() { loaders }: Context): Promise<DatasetImport | null> {
		const [found] = await loaders.importsOfWorker.load(row.id);
		return found ? new DatasetImport(found) : null;
	}
}
