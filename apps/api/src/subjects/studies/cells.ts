/** The cells of a study: its runs that differ in nothing but the seed, with their place in the grid. */
import type { Run as RunRow } from "@mithridate/db";
import { cellsOfStudy } from "../paper-studies/observations.ts";
import { readGrid } from "./stored-grid.ts";
import type { Coordinate, StudyRow, SweepAxis } from "./study.type.ts";

export interface Cell {
	/** In a study that was started from a definition. */
	readonly name: string | null;
	readonly coordinates: readonly Coordinate[];
	readonly runs: readonly RunRow[];
	readonly status: RunRow["status"];
}

/** From what needs attention or is still open to what is settled. */
const unsettled: readonly RunRow["status"][] = [
	"running",
	"queued",
	"paused",
	"quarantined",
	"failed",
	"cancelled",
	"succeeded",
];

/** @param runs The study's, by number. Cells come in the order of their first run. */
export function cellsOf(study: StudyRow, runs: readonly RunRow[]): Cell[] {
	const { coordinatesOf } = readGrid(study.grid);
	const defined = new Map(cellsOfStudy(study).map((cell) => [cell.name, coordinatesIn(cell.coordinates)]));
	const groups = Map.groupBy(runs, ({ cell, groupHash }) => cell ?? groupHash);
	return [...groups.values()].map((members) => ({
		name: members[0]?.cell ?? null,
		coordinates:
			defined.get(members[0]?.cell ?? "") ??
			coordinatesOf((members[0] as RunRow).groupHash) ??
			ownCoordinates(members[0] as RunRow),
		runs: members.toSorted((a, b) => a.seed - b.seed || a.number - b.number),
		status: unsettled.find((status) => members.some((run) => run.status === status)) as RunRow["status"],
	}));
}

export const coordinatesIn = (coordinates: Readonly<Record<string, string>>): Coordinate[] =>
	Object.entries(coordinates).map(([axis, value]) => ({ axis, value }));

/** What the cells of a study's definition vary, with the seeds it was started with. */
export function definedAxes(study: StudyRow): SweepAxis[] {
	const axes = new Map<string, Set<string>>();
	for (const { coordinates } of cellsOfStudy(study))
		for (const [axis, value] of Object.entries(coordinates)) axes.set(axis, (axes.get(axis) ?? new Set()).add(value));
	const { seeds = [] } = (study.setting ?? {}) as { seeds?: readonly number[] };
	const varied = [...axes].map(([name, values]) => ({ name, values: [...values] }));
	return [...varied, { name: "seed", values: seeds.map(String) }];
}

/** A run that was added by hand says for itself where it stands. */
function ownCoordinates({ attack, goalsLabel, defenses }: RunRow): Coordinate[] {
	return [
		{ axis: "attack", value: attack },
		{ axis: "goal", value: goalsLabel },
		{ axis: "defense", value: defenses.join(", ") },
	];
}
