/** Which runs of its plan a study lacks, and what they would be. */
import type { NewRun, Run as RunRow } from "@mithridate/db";
import { definedBy, isCurrent } from "../paper-studies/defined-by.ts";
import { cellsOfStudy } from "../paper-studies/observations.ts";
import { planStudy, runsOf } from "../paper-studies/plan.ts";
import { coordinatesIn } from "./cells.ts";
import { keptOf, readGrid } from "./stored-grid.ts";
import type { PlannedCell } from "./study.payload.ts";
import type { StudyRow } from "./study.type.ts";
import { planSweep } from "./sweep.ts";
import { runsOfSweep } from "./sweep-runs.ts";

interface Place extends PlannedCell {
	/** What the cell's runs are known by. */
	readonly key: string;
}

/** Every cell of a study's plan; none for a study put together by hand, and for one whose definition has changed. */
function plannedCells(study: StudyRow): readonly Place[] {
	if (study.definition === null) {
		const { cells, seeds } = readGrid(study.grid);
		return [...cells].map(([key, coordinates]) => ({ key, name: null, coordinates, seeds }));
	}
	if (!isCurrent(study)) return [];
	const { setting } = definedBy(study) ?? {};
	return cellsOfStudy(study).map(({ name, coordinates, seeds }) => ({
		key: name,
		name,
		coordinates: coordinatesIn(coordinates),
		seeds: seeds ?? setting?.seeds ?? [],
	}));
}

/**
 * The cells that lack runs, with the seeds of these. A cancelled run is as good as none; one that failed is there.
 * @param runs The study's that are in sight.
 */
export function missingCells(study: StudyRow, runs: readonly RunRow[]): PlannedCell[] {
	const there = Map.groupBy(
		runs.filter(({ status }) => status !== "cancelled"),
		({ cell, groupHash }) => cell ?? keptOf(groupHash),
	);
	return plannedCells(study).flatMap(({ key, seeds, ...cell }) => {
		const found = new Set(there.get(key)?.map(({ seed }) => seed));
		const missing = seeds.filter((seed) => !found.has(seed));
		return missing.length === 0 ? [] : [{ ...cell, seeds: missing }];
	});
}

/** Every run of a study's plan as it would be queued now, or why it cannot be planned again. */
export async function plannedRuns(
	study: StudyRow,
	priority: number,
): Promise<{ readonly runs: readonly NewRun[] } | { readonly obstacle: string }> {
	return study.definition === null ? plannedSweep(study, priority) : plannedDefinition(study, priority);
}

const startAnew = "Start it anew as another study; what has been trained is not trained again.";

function plannedDefinition(study: StudyRow, priority: number) {
	const defined = definedBy(study);
	if (defined === null) return { obstacle: `This server has no definition "${study.definition}".` };
	if (!isCurrent(study))
		return { obstacle: `The definition "${study.definition}" has changed since the study was started. ${startAnew}` };
	const { folder = null, checkpoints = null, ...setting } = defined.setting;
	const plan = planStudy(defined.definition, { ...setting, seeds: [...setting.seeds], folder, checkpoints });
	const [issue] = plan.issues;
	return issue ? { obstacle: issue.message } : { runs: runsOf(plan, priority) };
}

async function plannedSweep(study: StudyRow, priority: number) {
	const { cells, source } = readGrid(study.grid);
	if (cells.size === 0) return { runs: [] };
	if (source === null)
		return { obstacle: `The study was started by a version that did not keep what it was planned from. ${startAnew}` };
	const plan = await planSweep(source.config, source.grid);
	const [issue] = plan.issues;
	if (issue) return { obstacle: `${issue.message} ${startAnew}` };
	// Defaults of a newer version may make other runs of the same input.
	if (plan.cells.some(({ groupHash }) => !cells.has(keptOf(groupHash))))
		return { obstacle: `This version would plan other runs than those the study has. ${startAnew}` };
	return { runs: runsOfSweep(plan, priority) };
}
