/** Asking for imports of data sets, following, finding and stopping them. */
import {
	cancelImport,
	countImports,
	createImport,
	findImports,
	type Import,
	listImportFaults,
	listImports,
} from "@mithridate/db";
import {
	Arg,
	Args,
	Authorized,
	Ctx,
	FieldResolver,
	ID,
	Mutation,
	Query,
	Resolver,
	Root,
	Subscription,
} from "type-graphql";
import type { Context } from "../../context.ts";
import type { Scope } from "../../security/roles.ts";
import { type Connection, PageArgs } from "../connections/connection.type.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { Dataset } from "../datasets/dataset.type.ts";
import { type Failure, NotFoundError, validationErrors } from "../failures/failure.type.ts";
import { idempotencyOf, orConflict } from "../failures/idempotency.ts";
import { idIn, writtenIssues } from "../input-limits.ts";
import { uuidOf } from "../node/ids.ts";
import {
	CancelDatasetImportInput,
	DatasetImportPayload,
	ImportDatasetInput,
	ImportDatasetPayload,
} from "./import.input.ts";
import { DatasetImport, DatasetImportConnection, ImportFault, ImportFaultConnection } from "./import.type.ts";
import { parseImport } from "./import-form.ts";
import { pathIssue } from "./import-path.ts";

@Resolver(() => DatasetImport)
export class DatasetImportResolver {
	@Query(() => DatasetImportConnection, { description: "Imports of data sets, the latest first." })
	async datasetImports(
		@Ctx() { database }: Context,
		@Args(() => PageArgs) page: PageArgs,
	): Promise<Connection<DatasetImport>> {
		const order = "imports";
		return connection({
			order,
			page: await listImports(database.db, { page: pageRequest(order, page) }),
			key: ({ createdAt, id }) => ({ value: createdAt, id }),
			node: (row) => new DatasetImport(row),
			count: () => countImports(database.db),
		});
	}

	@Query(() => DatasetImport, { nullable: true, description: "An import; null where there is none." })
	async datasetImport(
		@Ctx() { database }: Context,
		@Arg("id", () => ID, { description: "The import." }) id: string,
	): Promise<DatasetImport | null> {
		const [row] = await findImports(database.db, [uuidOf("DatasetImport", id)]);
		return row ? new DatasetImport(row) : null;
	}

	@Authorized<Scope>("datasets-write")
	@Mutation(() => ImportDatasetPayload, {
		description:
			"Asks a worker to import a data set, once per idempotency key. An import that failed or was interrupted goes on where it stopped when the same is asked for again.",
	})
	async importDataset(
		@Ctx() context: Context,
		@Arg("input", () => ImportDatasetInput, { description: "The set and how to import it." }) input: ImportDatasetInput,
	): Promise<ImportDatasetPayload> {
		const { clientMutationId = null, path, importer, images, seed, duplicateBits } = input;
		const refused = (errors: readonly Failure[]) => ({ clientMutationId, import: null, replayed: false, errors });
		const { importRoot: root } = context.facts;
		const parsed = parseImport({ importer, images, seed, duplicateBits });
		const misplaced = await pathIssue(path, root);
		const issues = [...writtenIssues(input), ...(misplaced ? [misplaced] : [])];
		if ("issues" in parsed || issues.length > 0)
			return refused(validationErrors([...issues, ...("issues" in parsed ? parsed.issues : [])]));
		const { kind, settings } = parsed;
		const made = await orConflict(() =>
			createImport(context.database.db, {
				wanted: { kind, path, root: root ?? null, settings: settings as unknown as Import["settings"] },
				idempotency: idempotencyOf(context, "importDataset", input),
			}),
		);
		if ("failure" in made) return refused([made.failure]);
		return { clientMutationId, import: new DatasetImport(made.row), replayed: made.replayed, errors: [] };
	}

	@Authorized<Scope>("datasets-write")
	@Mutation(() => DatasetImportPayload, {
		description: "Stops an import and throws away what it had done. One that has ended is left as it is.",
	})
	async cancelDatasetImport(
		@Ctx() { database }: Context,
		@Arg("input", () => CancelDatasetImportInput, { description: "The import." }) input: CancelDatasetImportInput,
	): Promise<DatasetImportPayload> {
		const { importId, clientMutationId = null } = input;
		const found = idIn("DatasetImport", importId, ["importId"]);
		const issues = writtenIssues(input);
		if ("issue" in found || issues.length > 0) {
			const errors = validationErrors("issue" in found ? [found.issue, ...issues] : issues);
			return { clientMutationId, import: null, errors };
		}
		const row = await cancelImport(database.db, found.uuid);
		if (row) return { clientMutationId, import: new DatasetImport(row), errors: [] };
		const missing = new NotFoundError(`There is no import with the id "${importId}".`, ["importId"]);
		return { clientMutationId, import: null, errors: [missing] };
	}

	@Subscription(() => DatasetImport, {
		description:
			"An import as it is, at once and at every change, at most twice a second. Completes when it has ended and this was told.",
		subscribe: ({ args, context }: { args: { id: string }; context: Context }) =>
			context.hub.followImport(uuidOf("DatasetImport", args.id), context.signal),
	})
	datasetImportChanges(
		@Root() row: Import,
		@Arg("id", () => ID, { description: "The import." }) _id: string,
	): DatasetImport {
		return new DatasetImport(row);
	}

	@FieldResolver(() => Dataset, { nullable: true, description: "What came of it; null until it has succeeded." })
	async dataset(@Root() { stored }: DatasetImport, @Ctx() { loaders }: Context): Promise<Dataset | null> {
		const row = stored.datasetId === null ? null : await loaders.dataset.load(stored.datasetId);
		return row && new Dataset(row);
	}

	@FieldResolver(() => ImportFaultConnection, {
		description: "The rows left out, in their order: the first 10,000. The set's own report holds all of them.",
	})
	async faults(
		@Root() { stored }: DatasetImport,
		@Ctx() { database }: Context,
		@Args(() => PageArgs) page: PageArgs,
	): Promise<Connection<ImportFault>> {
		const order = `import-faults:${stored.id}`;
		return connection({
			order,
			page: await listImportFaults(database.db, { importId: stored.id, page: pageRequest(order, page) }),
			key: ({ position }) => ({ value: position }),
			node: (row) => new ImportFault(row),
			count: async () => stored.faultCount,
		});
	}
}
