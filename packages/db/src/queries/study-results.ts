/** What the runs of a study found, cell by cell: three statements for a whole study, however many runs it has. */
import { and, asc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { defenseReports, evaluations, runs } from "../schema/index.ts";
import type { ScoreHistogram } from "../shapes.ts";
import { list } from "./rows.ts";

/** Where a result of a study belongs. Its numbers never change, so whoever has read them once need not ask again. */
export interface StudyEvaluation {
	readonly id: string;
	readonly cell: string;
	readonly seed: number;
	readonly model: string;
	/** Null after training, the step of a measurement within it. */
	readonly step: number | null;
	/** Steps of the whole training, of a measurement within it. */
	readonly steps: number | null;
	/** Poisoned over all training samples of the run. */
	readonly poisonShare: number | null;
}

/** What an evaluation measured. */
export type EvaluationNumbers = Pick<typeof evaluations.$inferSelect, "id" | "numbers" | "goals">;

/** As `StudyEvaluation`, of a defense's report, with its counts. */
export interface StudyReport {
	readonly cell: string;
	readonly seed: number;
	readonly defense: string;
	readonly threshold: number;
	readonly kept: number;
	readonly removed: number;
	readonly poisonLeft: number;
	readonly cleanLost: number;
	readonly auroc: number | null;
	readonly histogram: ScoreHistogram;
}

/** The runs of a study that are in sight and repeat a cell of its definition. */
const cellsOf = (studyId: string) => and(eq(runs.studyId, studyId), isNotNull(runs.cell), isNull(runs.archivedAt));

/** Which evaluations a study has, by the numbers of its runs and then in the order they were made. */
export async function evaluationsOfStudy(db: Db, studyId: string): Promise<StudyEvaluation[]> {
	const rows = await db
		.select({
			id: evaluations.id,
			cell: runs.cell,
			seed: runs.seed,
			model: evaluations.model,
			step: evaluations.step,
			steps: evaluations.steps,
			poisonShare: runs.poisonShare,
		})
		.from(runs)
		.innerJoin(evaluations, eq(evaluations.runId, runs.id))
		.where(cellsOf(studyId))
		.orderBy(asc(runs.number), asc(evaluations.createdAt), asc(evaluations.id));
	return rows.map((row) => ({ ...row, cell: row.cell! }));
}

/** All numbers of evaluations, in any order; unknown ids are left out. */
export async function evaluationNumbers(db: Db, ids: readonly string[]): Promise<EvaluationNumbers[]> {
	return ids.length === 0
		? []
		: db
				.select({ id: evaluations.id, numbers: evaluations.numbers, goals: evaluations.goals })
				.from(evaluations)
				.where(sql`${evaluations.id} = ANY(${list(ids)}::uuid[])`);
}

/** The reports of a study's defenses, by the numbers of its runs. */
export async function reportsOfStudy(db: Db, studyId: string): Promise<StudyReport[]> {
	const { defense, threshold, kept, removed, poisonLeft, cleanLost, auroc, histogram } = defenseReports;
	const counts = { defense, threshold, kept, removed, poisonLeft, cleanLost, auroc, histogram };
	const rows = await db
		.select({ cell: runs.cell, seed: runs.seed, ...counts })
		.from(runs)
		.innerJoin(defenseReports, eq(defenseReports.runId, runs.id))
		.where(cellsOf(studyId))
		.orderBy(asc(runs.number), asc(defenseReports.createdAt), asc(defenseReports.id));
	return rows.map((row) => ({ ...row, cell: row.cell! }));
}
