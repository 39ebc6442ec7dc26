"use client";
/** The views of a study beside its matrix: each is a part of the address, and is offered only where its data exist. */
import { useMemo } from "react";
import { HeatMap } from "../charts/heat-map.tsx";
import { DefenseBoard } from "../outcomes/defense-board.tsx";
import { UtilityScatter } from "../outcomes/utility-scatter.tsx";
import { Field } from "../ui/field.tsx";
import { formatName, formatShare } from "../ui/format.ts";
import { Empty } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import { DoseResponse } from "./dose-response.tsx";
import type { Axis } from "./matrix.ts";
import { cellName, doseAxis, goalCells, modelsOf, panelsBy, type StudyViewName } from "./panels.ts";
import css from "./studies.module.css";
import type { StudyCell } from "./study-query.ts";

interface ViewProps {
	readonly axes: readonly Axis[];
	readonly cells: readonly StudyCell[];
	readonly model: string;
}

export default function StudyPicture({ view, ...props }: ViewProps & { readonly view: StudyViewName }) {
	const dose = doseAxis(props.axes);
	if (view === "dose" && dose) return <DoseResponse cells={props.cells} axes={props.axes} dose={dose} />;
	if (view === "goals") return <GoalMap {...props} />;
	if (view === "board") return <Board {...props} />;
	return <Utility {...props} />;
}

function GoalMap({ cells, model }: ViewProps) {
	const found = useMemo(() => goalCells(cells, model), [cells, model]);
	const classes = [...new Set(found.flatMap(({ row, column }) => [row, column]))].sort();
	const done = found.flatMap(({ value }) => (value === null ? [] : [value]));
	const mean = done.reduce((sum, value) => sum + value, 0) / done.length;
	const possible = classes.length * (classes.length - 1);
	return (
		<HeatMap
			title="Hit@10 of every goal"
			summary={
				done.length === 0
					? "No result yet."
					: `${done.length} goals: mean ${formatShare(mean)}, from ${formatShare(Math.min(...done))} to ${formatShare(Math.max(...done))}.`
			}
			method={`${found.length} of ${possible} ordered pairs of these ${classes.length} classes are in the study; each square is the mean over its seeds.`}
			rows={classes}
			columns={classes}
			cells={found}
			rowTitle="from"
			columnTitle="to"
			model={model}
			format={formatShare}
		/>
	);
}

/** The cells whose runs differ in their defense alone make one board. */
function Board({ cells, axes }: ViewProps) {
	const groups = [...panelsBy(cells, axes, "defense")];
	const [chosen, choose] = useParameter("board");
	const [name, members] = groups.find(([one]) => one === chosen) ?? groups[0] ?? ["", []];
	const runs = useMemo(() => {
		const variants = new Set(members.map((cell) => defenseOf(cell)));
		return members.flatMap((cell) =>
			cell.runs.map(({ seed, outcomes }) => ({ seed, outcomes, variant: variants.size > 1 ? defenseOf(cell) : "" })),
		);
	}, [members]);
	return (
		<div className={css.panel}>
			{groups.length > 1 && (
				<div className={css.picked}>
					<Field label="Cell">
						{(control) => (
							<select {...control} value={name} onChange={({ target }) => choose(target.value)}>
								{groups.map(([one]) => (
									<option key={one} value={one}>
										{formatName(one)}
									</option>
								))}
							</select>
						)}
					</Field>
				</div>
			)}
			{runs.some(({ outcomes }) => outcomes.length > 0) ? (
				<DefenseBoard runs={runs} />
			) : (
				<Empty title="No result yet">The board fills with the first evaluated model.</Empty>
			)}
		</div>
	);
}

const defenseOf = (cell: StudyCell) => cell.coordinates.find(({ axis }) => axis === "defense")?.value ?? "";

function Utility({ cells }: ViewProps) {
	const groups = cells.map((cell, index) => ({
		label: cells.length > 1 ? String(index + 1) : "",
		name: formatName(cellName(cell)) || `cell ${index + 1}`,
		outcomes: modelsOf([cell]).flatMap((model) => {
			const mean = (metric: string) =>
				cell.outcomes.find((one) => one.model === model && one.metric === metric && one.n > 0)?.mean;
			const [hitAt10, imageRetrievalAt10] = [mean("hitAt10"), mean("imageRetrievalAt10")];
			return hitAt10 === undefined || imageRetrievalAt10 === undefined ? [] : [{ model, hitAt10, imageRetrievalAt10 }];
		}),
	}));
	if (groups.every(({ outcomes }) => outcomes.length === 0))
		return <Empty title="No result yet">Each cell has its marks as soon as a run of it ends.</Empty>;
	return <UtilityScatter groups={groups} of="cell" />;
}
