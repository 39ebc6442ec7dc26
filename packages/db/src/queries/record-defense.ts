/** Reports of defenses that score pairs, with every score. */
import { and, eq, sql } from "drizzle-orm";
import { defenseReports, defenseScores } from "../schema/index.ts";
import type { NewEvent, ScoreHistogram } from "../shapes.ts";
import { canonicalJson } from "./config-hash.ts";
import type { ItemOf, Recording } from "./record-items.ts";
import { floats, list } from "./rows.ts";

const BINS = 512;

/** Stores a report, once per defense. */
export async function recordDefense(
	{ tx, run, differences }: Recording,
	{ report, mixture = null }: ItemOf<"defense-report">,
): Promise<NewEvent | null> {
	const { defense, threshold, detection, scores } = report;
	const { kept, removed, poisonLeft, cleanLost, precision, recall, auroc } = detection;
	const numbers = { threshold, kept, removed, poisonLeft, cleanLost, precision, recall, auroc };
	const [created] = await tx
		.insert(defenseReports)
		.values({ runId: run.id, defense, ...numbers, roc: report.roc ?? [], histogram: scoreHistogram(scores), mixture })
		.onConflictDoNothing()
		.returning({ id: defenseReports.id });
	if (!created) {
		const [before] = await tx
			.select()
			.from(defenseReports)
			.where(and(eq(defenseReports.runId, run.id), eq(defenseReports.defense, defense)));
		const stored = canonicalJson(
			Object.fromEntries(Object.keys(numbers).map((name) => [name, before![name as "auroc"]])),
		);
		const repeated = canonicalJson(numbers);
		if (stored !== repeated) differences.push({ what: `the report of ${defense}`, stored, repeated });
		return null;
	}
	await tx.execute(sql`
		INSERT INTO ${defenseScores} (report_id, position, sample, score, poisoned)
		SELECT ${created.id}, position - 1, sample, score, poisoned FROM unnest(
			${list(scores.map(({ sample }) => sample))}::text[], ${floats(scores.map(({ score }) => score))}::float8[],
			${list(scores.map(({ poisoned }) => poisoned))}::bool[]) WITH ORDINALITY AS found(sample, score, poisoned, position)`);
	return { kind: "defense-report", body: { reportId: created.id, defense, auroc, kept, poisonLeft } };
}

/** Counts of scores in bins of equal width between the lowest and the highest; scores that are not finite are left out. */
function scoreHistogram(scores: readonly { readonly score: number; readonly poisoned: boolean }[]): ScoreHistogram {
	const finite = scores.filter(({ score }) => Number.isFinite(score));
	const minimum = finite.reduce((least, { score }) => Math.min(least, score), finite[0]?.score ?? 0);
	const maximum = finite.reduce((most, { score }) => Math.max(most, score), finite[0]?.score ?? 0);
	const [clean, poisoned] = [new Array<number>(BINS).fill(0), new Array<number>(BINS).fill(0)];
	for (const pair of finite) {
		const share = maximum === minimum ? 0 : (pair.score - minimum) / (maximum - minimum);
		(pair.poisoned ? poisoned : clean)[Math.min(BINS - 1, Math.floor(share * BINS))]! += 1;
	}
	return { minimum, maximum, clean, poisoned };
}
