/** Imports of data sets: what is asked for, how far it is, and which rows were left out. */
import type { Import as ImportRow, StoredImportFault } from "@mithridate/db";
import { Field, ObjectType, registerEnumType } from "type-graphql";
import { title } from "../../typed-config/parameters.ts";
import { connectionType } from "../connections/connection.type.ts";
import { encodeId } from "../node/ids.ts";
import { Node } from "../node/node.type.ts";
import { RunFailure } from "../runs/run-parts.type.ts";
import { DateTime, SafeInt, Sha256 } from "../scalars.ts";

export const ImportStatus = {
	QUEUED: "queued",
	RUNNING: "running",
	SUCCEEDED: "succeeded",
	FAILED: "failed",
	CANCELLED: "cancelled",
} as const;
export type ImportStatus = (typeof ImportStatus)[keyof typeof ImportStatus];

registerEnumType(ImportStatus, {
	name: "ImportStatus",
	description: "What an import is now.",
	valuesConfig: {
		QUEUED: { description: "Waits for a worker." },
		RUNNING: { description: "A worker has it." },
		SUCCEEDED: { description: "The data set is whole and can be used." },
		FAILED: { description: "Ended by an error; no data set came of it." },
		CANCELLED: { description: "Ended because somebody asked for it; no data set came of it." },
	},
});

@ObjectType({ simpleResolvers: true, description: "How far an import is." })
export class ImportProgress {
	@Field(() => SafeInt, { description: "Rows that are done, the ones left out among them." })
	done!: number;

	@Field(() => SafeInt, { nullable: true, description: "All rows; null while they are not counted." })
	total!: number | null;
}

@ObjectType({ simpleResolvers: true, description: "A setting of an import." })
export class ImportSetting {
	@Field(() => String, { description: "Its name." })
	name!: string;

	@Field(() => String, { description: "Its value as JSON." })
	value!: string;
}

@ObjectType({ simpleResolvers: true, description: "A row of the source that an import left out." })
export class ImportFault {
	@Field(() => String, { description: "The file, below the path of the import." })
	file: string;

	@Field(() => SafeInt, { description: "The row or entry in it, from 1." })
	row: number;

	@Field(() => String, { nullable: true, description: "The column or field, where one is to blame." })
	column: string | null;

	@Field(() => String, { description: "Kind of the fault, for programs, as in image-missing." })
	reason: string;

	@Field(() => String, { description: "What was wrong, for people." })
	detail: string;

	constructor({ file, row, column, reason, detail }: StoredImportFault) {
		this.file = file;
		this.row = row;
		this.column = column;
		this.reason = reason;
		this.detail = detail;
	}
}

@ObjectType({
	simpleResolvers: true,
	implements: Node,
	description: "One import of a data set, which a worker carries out. It ends in a whole data set or in none.",
})
export class DatasetImport extends Node {
	/** The database's row. */
	readonly stored: ImportRow;

	@Field(() => String, { description: "Name of the importer, as in the catalog." })
	readonly importer: string;

	@Field(() => String, { description: "The importer's name for people." })
	readonly title: string;

	@Field(() => String, { description: "What is imported: a folder or a file on the server's machine." })
	readonly path: string;

	@Field(() => [ImportSetting], { description: "All settings, the defaults included." })
	readonly settings: readonly ImportSetting[];

	@Field(() => ImportStatus, { description: "What it is now." })
	readonly status: ImportStatus;

	@Field(() => Boolean, { description: "Whether somebody asked for it to stop." })
	readonly isCancelled: boolean;

	@Field(() => ImportProgress, { description: "How far it is." })
	readonly progress: ImportProgress;

	@Field(() => SafeInt, { description: "Rows left out so far." })
	readonly faultCount: number;

	@Field(() => RunFailure, { nullable: true, description: "Why it failed, or why its newest attempt was lost." })
	readonly error: RunFailure | null;

	@Field(() => Sha256, {
		nullable: true,
		description: "What experiments name the set by, in `dataset.imported.hash`; null until it is whole.",
	})
	readonly versionHash: string | null;

	@Field(() => DateTime, { description: "When it was asked for." })
	readonly createdAt: Date;

	@Field(() => DateTime, { nullable: true, description: "When a worker began; null while it waits." })
	readonly startedAt: Date | null;

	@Field(() => DateTime, { nullable: true, description: "When it ended; null until then." })
	readonly endedAt: Date | null;

	constructor(row: ImportRow) {
		super(encodeId("DatasetImport", row.id));
		this.stored = row;
		this.importer = row.kind;
		this.title = title(row.kind);
		this.path = row.path;
		const { params, ...others } = row.settings;
		this.settings = Object.entries({ ...params, ...others }).map(([name, value]) => ({
			name,
			value: JSON.stringify(value),
		}));
		this.status = row.status;
		this.isCancelled = row.isCancelled;
		this.progress = { done: row.done, total: row.total === 0 ? null : row.total };
		this.faultCount = row.faultCount;
		this.error = row.error;
		this.versionHash = row.versionHash;
		this.createdAt = row.createdAt;
		this.startedAt = row.startedAt;
		this.endedAt = row.endedAt;
	}
}

export const DatasetImportConnection = connectionType("DatasetImport", () => DatasetImport);
export const ImportFaultConnection = connectionType("ImportFault", () => ImportFault);
