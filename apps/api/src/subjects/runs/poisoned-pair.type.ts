/** What an attack did to one training pair, with the pictures before and after. */
import type { schema } from "@mithridate/db";
import type { Patch } from "@mithridate/engine";
import { Field, ObjectType } from "type-graphql";
import type { Context } from "../../context.ts";
import { connectionType } from "../connections/connection.type.ts";
import { Image, imageOf } from "../datasets/dataset.type.ts";
import { patchOf } from "../experiment-config.ts";
import { PoisonKind } from "./run.enums.ts";

type PoisonedPairRow = typeof schema.poisonedPairs.$inferSelect;
type RunRow = typeof schema.runs.$inferSelect;

@ObjectType({ simpleResolvers: true, description: "A training pair that an attack touched." })
export class PoisonedPair {
	@Field(() => String, { description: "Its name in the poisoned training split." })
	sample!: string;

	@Field(() => PoisonKind, { description: "What was done." })
	kind!: string;

	@Field(() => String, { nullable: true, description: "Class of its captions." })
	class!: string | null;

	@Field(() => [String], { description: "What is said about the image." })
	captions!: readonly string[];

	@Field(() => Image, { nullable: true, description: "The picture it had." })
	before!: Image | null;

	@Field(() => Image, {
		nullable: true,
		description: "The picture it is trained with; null for one that was taken out.",
	})
	after!: Image | null;
}

export const PoisonedPairConnection = connectionType("PoisonedPair", () => PoisonedPair);

/** Rows of a run with their pictures, all read together; where its attack stamps a patch, the new pictures carry it. */
export function poisonedPairImages(
	{ loaders }: Context,
	{ datasetId, config }: Pick<RunRow, "datasetId" | "config">,
	rows: readonly PoisonedPairRow[],
): Promise<{ position: number; pair: PoisonedPair }[]> {
	const picture = async (row: number | null, patch: Patch | null) => {
		if (row === null || datasetId === null) return null;
		const [dataset, sha256] = await Promise.all([
			loaders.dataset.load(datasetId),
			loaders.imageHash.load({ datasetId, row }),
		]);
		return dataset && sha256 ? imageOf(dataset, { row, sha256, patch }) : null;
	};
	return Promise.all(
		rows.map(async ({ position, beforeRow, afterRow, sample, kind, class: name, captions }) => {
			const [before, after] = await Promise.all([picture(beforeRow, null), picture(afterRow, patchOf(config))]);
			return { position, pair: { sample, kind, class: name, captions, before, after } };
		}),
	);
}
