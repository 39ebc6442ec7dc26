/** What mutations about imports take and answer with. */
import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { MutationInput, MutationPayload } from "../failures/payload.type.ts";
import { DatasetImport } from "./import.type.ts";
import { importInputs } from "./import-form.ts";

@InputType({ description: "A data set to import." })
export class ImportDatasetInput extends MutationInput {
	@Field(() => String, {
		description: "Of your choice: the same key with the same input is the same import, however often it is sent.",
	})
	idempotencyKey!: string;

	@Field(() => String, {
		description:
			"Absolute path of the set on the server's machine. On a shared server it must lie in the import folder that the server was started with.",
	})
	path!: string;

	@Field(() => importInputs.importer as never, { description: "Which layout it has, and the importer's settings." })
	importer!: object;

	@Field(() => importInputs.images as never, { nullable: true, description: "How images are stored." })
	images?: object | null;

	@Field(() => Int, {
		nullable: true,
		description: "Decides every draw of labels and splits; 42 where it is left out.",
	})
	seed?: number | null;

	@Field(() => Int, {
		nullable: true,
		description:
			"Trusted images are left out whose look differs from a test image's in at most so many of 64 bits; 6 where it is left out.",
	})
	duplicateBits?: number | null;
}

@InputType({ description: "An import to stop." })
export class CancelDatasetImportInput extends MutationInput {
	@Field(() => ID, { description: "The import." })
	importId!: string;
}

@ObjectType({ simpleResolvers: true, description: "What became of an import that was asked for." })
export class ImportDatasetPayload extends MutationPayload {
	@Field(() => DatasetImport, { nullable: true, description: "The import; null when there are errors." })
	import?: DatasetImport | null;

	@Field(() => Boolean, { description: "Whether an earlier request with the same key had asked for it." })
	replayed!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "What became of an import that was to stop." })
export class DatasetImportPayload extends MutationPayload {
	@Field(() => DatasetImport, { nullable: true, description: "The import as it is now; null when there are errors." })
	import?: DatasetImport | null;
}
