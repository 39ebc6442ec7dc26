/** The cells of a study: its runs that differ in nothing but the seed, with their place in the grid. */
import type { Run as RunRow } from "@mithridate/db";
import { readGrid } from "./stored-grid.ts";
import type { Coordinate } from "./study.type.ts";

export interface Cell {
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
export function cellsOf(grid: Parameters<typeof readGrid>[0], runs: readonly RunRow[]): Cell[] {
	const { coordinatesOf } = readGrid(grid);
	return [...Map.groupBy(runs, ({ groupHash }) => groupHash)].map(([groupHash, members]) => ({
		coordinates: coordinatesOf(groupHash) ?? ownCoordinates(members[0] as RunRow),
		runs: members.toSorted((a, b) => a.seed - b.seed || a.number - b.number),
		status: unsettled.find((status) => members.some((run) => run.status === status)) as RunRow["status"],
	}));
}

/** A run that was added by hand says for itself where it stands. */
function ownCoordinates({ attack, goalsLabel, defenses }: RunRow): Coordinate[] {
	return [
		{ axis: "attack", value: attack },
		{ axis: "goal", value: goalsLabel },
		{ axis: "defense", value: defenses.join(", ") },
	];
}
