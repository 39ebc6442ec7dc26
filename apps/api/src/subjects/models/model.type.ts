/** Models: finished stages of runs, and the two that come with the engine. */
import { Field, ObjectType } from "type-graphql";
import { connectionType } from "../connections/connection.type.ts";
import { encodeId } from "../node/ids.ts";
import { Node } from "../node/node.type.ts";
import { Artifact } from "../runs/run-parts.type.ts";
import { DateTime, SafeInt, Sha256 } from "../scalars.ts";

/** What is known of a model's files. */
export interface ModelFile {
	readonly name: string;
	readonly sha256: string;
	readonly bytes: number;
	readonly mediaType: string;
}

export interface ModelRow {
	/** Of the checkpoint; for a shipped model a UUID made from its checksum. */
	readonly id: string;
	readonly name: string;
	readonly stage: string | null;
	readonly runId: string | null;
	readonly step: number | null;
	readonly createdAt: Date;
	readonly files: readonly ModelFile[];
	/** Folder of a shipped model. */
	readonly folder: string | null;
}

@ObjectType({ simpleResolvers: true, implements: Node, description: "A trained pair of encoders." })
export class Model extends Node {
	/** What the database, or the engine's folder, holds. */
	readonly row: ModelRow;

	@Field(() => String, { description: "What it is called in results." })
	readonly name: string;

	@Field(() => String, { nullable: true, description: "The stage that made it; null for a shipped one." })
	readonly stage: string | null;

	@Field(() => SafeInt, { nullable: true, description: "Training steps it has had; null for a shipped one." })
	readonly step: number | null;

	@Field(() => Sha256, { description: "Checksum of its weights' file." })
	readonly sha256: string;

	@Field(() => SafeInt, { description: "Size of all its files." })
	readonly bytes: number;

	@Field(() => DateTime, { description: "When it was saved." })
	readonly createdAt: Date;

	@Field(() => [Artifact], { description: "Its files." })
	readonly files: readonly Artifact[];

	@Field(() => Boolean, { description: "Whether it comes with the engine." })
	readonly isShipped: boolean;

	constructor(row: ModelRow) {
		super(encodeId("Model", row.id));
		this.row = row;
		this.name = row.name;
		this.stage = row.stage;
		this.step = row.step;
		const weights = row.files.find(({ name }) => name.endsWith(".safetensors")) ?? row.files[0];
		if (weights === undefined) throw new TypeError(`Model ${row.id} has no files`);
		this.sha256 = weights.sha256;
		this.bytes = row.files.reduce((sum, { bytes }) => sum + bytes, 0);
		this.createdAt = row.createdAt;
		this.files = row.files.map((file) => ({ ...file, url: `/artifacts/${file.sha256}` }));
		this.isShipped = row.folder !== null;
	}
}

export const ModelConnection = connectionType("Model", () => Model);
