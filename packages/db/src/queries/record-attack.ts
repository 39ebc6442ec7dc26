/** What an attack did to the training pairs, with the captions and images it worked on. */
import { sql } from "drizzle-orm";
import { pairs, poisonedPairs } from "../schema/index.ts";
import type { NewEvent } from "../shapes.ts";
import { canonicalJson } from "./config-hash.ts";
import type { ItemOf, Recording } from "./record-items.ts";
import { records } from "./rows.ts";

/** Stores goals and poisoned pairs, once per run. */
export async function recordAttack(
	{ tx, run, changes, differences }: Recording,
	{ attack: { goals, poisonShare, poisoned, samples, edits } }: ItemOf<"attack">,
): Promise<NewEvent | null> {
	if (run.poisonShare !== null) {
		const [stored, repeated] = [
			canonicalJson({ poisonShare: run.poisonShare, goals: run.goals }),
			canonicalJson({ poisonShare, goals }),
		];
		if (stored !== repeated) differences.push({ what: "the attack", stored, repeated });
		return null;
	}
	changes.poisonShare = poisonShare;
	changes.goals = goals;
	const rows = edits.map((edit, position) => {
		if (edit.kind === "inject")
			return {
				position,
				kind: edit.kind,
				sample: edit.sample.id,
				class: edit.label,
				captions: edit.sample.captions,
				after: edit.sample.image,
			};
		if (edit.kind === "drop") return { position, kind: edit.kind, sample: edit.sample };
		return { position, ...edit };
	});
	// An edit of a pair of the data set names the pair alone: its class, captions and image stand with the data set.
	await tx.execute(sql`
		INSERT INTO ${poisonedPairs} (run_id, position, sample, kind, class, captions, before_row, after_row)
		SELECT ${run.id}, edit.position, edit.sample, edit.kind, coalesce(edit.class, pair.class),
			coalesce(edit.captions, pair.captions, '{}'), coalesce(edit.before, pair.image_row), edit.after
		FROM jsonb_to_recordset(${records(rows)})
			AS edit(position int, sample text, kind poison_kind, class text, captions text[], before int, after int)
		LEFT JOIN ${pairs} AS pair ON pair.dataset_id = ${changes.datasetId ?? run.datasetId} AND pair.sample = edit.sample`);
	return { kind: "attack", body: { poisoned, samples, poisonShare, goals } };
}
