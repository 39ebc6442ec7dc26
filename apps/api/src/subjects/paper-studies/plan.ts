/** The runs of a study definition in a setting, checked. */
import { hashOf, type NewRun } from "@mithridate/db";
import { type ExperimentConfig, MithridateError, parseExperiment } from "@mithridate/engine";
import type { Cell, StudyDefinition, StudySetting } from "@mithridate/studies";
import type { Issue } from "../../typed-config/values.ts";
import { configIssues } from "../experiment-config.ts";
import { goalsLabel } from "../runs/goals-label.ts";
import { MOST_RUNS } from "../studies/sweep.ts";
import type { StudySettingInput } from "./definition.type.ts";

export interface PlannedCell {
	readonly cell: Cell;
	/** One for each of its seeds. */
	readonly configs: readonly ExperimentConfig[];
}

export interface Plan {
	readonly setting: StudySetting;
	readonly cells: readonly PlannedCell[];
	readonly runs: number;
	readonly axes: readonly { readonly name: string; readonly values: readonly string[] }[];
	readonly issues: readonly Issue[];
	/** Whether there would be too many runs. */
	readonly isTooLarge: boolean;
}

/** All cells of a study. Faults name their place in the setting's input. */
export function planStudy(definition: StudyDefinition, input: StudySettingInput): Plan {
	const setting = settingOf(input);
	const issues = settingIssues(input);
	const cells = issues.length > 0 ? [] : definition.cells(setting).map((cell) => plannedCell(cell, setting, issues));
	if (cells.length === 0 && issues.length === 0)
		issues.push({
			path: ["dataset"],
			message: `The study ${definition.name} has no meaning on ${setting.dataset}. Choose another data set.`,
		});
	const runs = cells.reduce((sum, { configs }) => sum + configs.length, 0);
	return { setting, cells, runs, axes: axesOf(cells), issues, isTooLarge: runs > MOST_RUNS };
}

function settingOf({ dataset, folder, checkpoints, seeds, scale }: StudySettingInput): StudySetting {
	return {
		dataset,
		...(folder != null && { folder }),
		...(checkpoints != null && { checkpoints: { start: checkpoints.start, reference: checkpoints.reference } }),
		seeds,
		scale,
	};
}

function settingIssues({ dataset, folder, seeds }: StudySettingInput): Issue[] {
	const issues: Issue[] = [];
	const isMade = dataset === "emoji-pascal";
	if (isMade && folder != null)
		issues.push({ path: ["folder"], message: "emoji-PASCAL is made and lies in no folder: leave it out." });
	if (!isMade && folder == null)
		issues.push({ path: ["folder"], message: `${dataset} is read from a folder: give the one it was imported to.` });
	if (seeds.length === 0) issues.push({ path: ["seeds"], message: "There is no seed: give at least one." });
	const bad = seeds.find((seed) => seed < 0);
	if (bad !== undefined) issues.push({ path: ["seeds"], message: `Seed ${bad} is negative: give numbers from 0.` });
	const repeated = seeds.find((seed, at) => seeds.indexOf(seed) !== at);
	if (repeated !== undefined)
		issues.push({ path: ["seeds"], message: `Seed ${repeated} is given twice: each stands only once.` });
	return issues;
}

function plannedCell(cell: Cell, setting: StudySetting, issues: Issue[]): PlannedCell {
	const seeds = cell.seeds ?? setting.seeds;
	const parse = (): ExperimentConfig | null => {
		try {
			return parseExperiment({ ...cell.config, seeds: seeds.slice(0, 1) });
		} catch (error) {
			if (!(error instanceof MithridateError)) throw error;
			addIssue(issues, { path: [], message: `Cell ${cell.name}: ${error.message}` });
			return null;
		}
	};
	const config = parse();
	if (config === null) return { cell, configs: [] };
	for (const { path, message } of configIssues(config))
		addIssue(issues, { path: [path[0] === "dataset" ? "folder" : (path[0] ?? "dataset")], message });
	return { cell, configs: seeds.map((seed) => ({ ...config, seeds: [seed] })) };
}

/** Cells share most of their configuration, and with it its faults. */
function addIssue(issues: Issue[], issue: Issue): void {
	if (!issues.some(({ message }) => message === issue.message)) issues.push(issue);
}

/** The places of all cells, axis by axis, and the seeds. */
function axesOf(cells: readonly PlannedCell[]): Plan["axes"] {
	const axes = new Map<string, Set<string>>();
	const add = (axis: string, value: string) => axes.set(axis, (axes.get(axis) ?? new Set()).add(value));
	for (const { cell } of cells) for (const [axis, value] of Object.entries(cell.coordinates)) add(axis, value);
	for (const { configs } of cells) for (const { seeds } of configs) add("seed", String(seeds[0]));
	return [...axes].map(([name, values]) => ({ name, values: [...values] }));
}

/** Tells whether a definition still asks the same of the same cells, shows the same and claims the same. */
export function definitionHash(definition: StudyDefinition, setting: StudySetting): string {
	const { name, views, claims } = definition;
	return hashOf({
		name,
		cells: definition.cells(setting),
		views: views.map((view) => view.name),
		claims: claims.map((claim) => [claim.name, claim.sentence]),
	});
}

/** Cell by cell for the first seed, then for the next, so that all of the figure is seen early. */
export function runsOf({ cells }: Pick<Plan, "cells">, priority: number): NewRun[] {
	const most = Math.max(...cells.map(({ configs }) => configs.length));
	return Array.from({ length: most }, (_, at) =>
		cells.flatMap(({ cell, configs }): NewRun[] => {
			const config = configs[at];
			if (config === undefined) return [];
			const name = Object.values(cell.coordinates).join(", ") || cell.name;
			return [{ name, cell: cell.name, config, goalsLabel: goalsLabel(config), priority }];
		}),
	).flat();
}
