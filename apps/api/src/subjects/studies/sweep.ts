/** A sweep: every combination of the grid's values over a base configuration. */

import { setImmediate as breathe } from "node:timers/promises";
import { configHashes } from "@mithridate/db";
import type { ExperimentConfig } from "@mithridate/engine";
import type { Field } from "../../typed-config/shape.ts";
import type { Issue } from "../../typed-config/values.ts";
import { experiment, parseConfig } from "../experiment-config.ts";

/** Most runs of a sweep. */
export const MOST_RUNS = 2000;

/** Configurations checked before others get their turn on the event loop. */
const CHECKED_AT_A_TIME = 50;

type Input = Readonly<Record<string, unknown>>;

export interface Grid {
	readonly attacks?: readonly object[] | null | undefined;
	readonly goals?: readonly { readonly from: string; readonly to: string }[] | null | undefined;
	readonly poisonRates?: readonly number[] | null | undefined;
	readonly defenses?: readonly object[] | null | undefined;
	readonly freeze?: readonly string[] | null | undefined;
	readonly seeds?: readonly number[] | null | undefined;
}

/** An axis with what each of its values does to a configuration's input. */
interface Axis {
	readonly name: string;
	readonly values: readonly { readonly label: string; apply(config: Input): Input }[];
	/** Place in the grid's input. */
	readonly field: keyof Grid;
}

export interface PlannedCell {
	readonly coordinates: readonly { readonly axis: string; readonly value: string }[];
	/** Of every seed. */
	readonly configs: readonly ExperimentConfig[];
	readonly groupHash: string;
}

export interface Plan {
	readonly axes: readonly { readonly name: string; readonly values: readonly string[] }[];
	readonly cells: readonly PlannedCell[];
	readonly runs: number;
	readonly issues: readonly Issue[];
	/** Whether there would be too many runs; no cells are planned then. */
	readonly isTooLarge: boolean;
}

/** All cells of a sweep, checked. Faults name their place in the mutation's input. */
export async function planSweep(base: object, grid: Grid): Promise<Plan> {
	const axes = axesOf(grid);
	const seeds = grid.seeds?.length ? grid.seeds : [Number((base as { seed?: number | null }).seed ?? 1)];
	const issues: Issue[] = [];
	const repeated = seeds.find((seed, at) => seeds.indexOf(seed) !== at);
	if (repeated !== undefined)
		issues.push({ path: ["grid", "seeds"], message: `Seed ${repeated} is given twice: each stands only once.` });
	const runs = axes.reduce((product, { values }) => product * values.length, seeds.length);
	const shown = [...axes, { name: "seed", values: seeds.map((seed) => ({ label: String(seed) })) }];
	const plan = {
		axes: shown.map(({ name, values }) => ({ name, values: values.map(({ label }) => label) })),
		runs,
		isTooLarge: runs > MOST_RUNS,
	};
	const cells: PlannedCell[] = [];
	if (plan.isTooLarge || issues.length > 0) return { ...plan, cells, issues };
	for (const [count, chosen] of combinations(axes.map(({ values }) => values.length)).entries()) {
		if (count % CHECKED_AT_A_TIME === CHECKED_AT_A_TIME - 1) await breathe();
		const cell = cellAt(base as Input, { axes, chosen, seeds });
		if ("issues" in cell) issues.push(...cell.issues);
		else cells.push(cell);
		// One bad value of an axis spoils many cells; the first few say enough.
		if (issues.length >= 20) break;
	}
	return { ...plan, cells: issues.length > 0 ? [] : cells, issues };
}

function cellAt(
	base: Input,
	{ axes, chosen, seeds }: { axes: readonly Axis[]; chosen: readonly number[]; seeds: readonly number[] },
): PlannedCell | { issues: Issue[] } {
	const picked = axes.map((axis, at) => ({ axis, value: axis.values[chosen[at] as number] as Axis["values"][number] }));
	let input = base;
	for (const { axis, value } of picked) {
		try {
			input = value.apply(input);
		} catch (error) {
			if (!(error instanceof NotVariable)) throw error;
			return { issues: [{ path: ["grid", axis.field], message: error.message }] };
		}
	}
	const { config, issues } = parseConfig({ ...input, seed: seeds[0] });
	const where = picked.map(({ axis, value }) => `${axis.name} ${value.label}`).join(", ");
	if (issues)
		return {
			issues: issues.map(({ path, message }) => ({ path: ["config", ...path], message: `${where}: ${message}` })),
		};
	return {
		coordinates: picked.map(({ axis, value }) => ({ axis: axis.name, value: value.label })),
		configs: seeds.map((seed) => ({ ...config, seeds: [seed] })),
		groupHash: configHashes(config).groupHash,
	};
}

/** The base's attack or defense cannot be varied in this way. */
class NotVariable extends Error {}

function axesOf(grid: Grid): Axis[] {
	const axes: Axis[] = [
		{
			name: "attack",
			field: "attacks",
			values: named(grid.attacks, (attack) => (config) => ({ ...config, attack })),
		},
		{
			name: "goal",
			field: "goals",
			values: (grid.goals ?? []).map((goal) => ({ label: `${goal.from} → ${goal.to}`, apply: withGoal(goal) })),
		},
		{
			name: "poisonRate",
			field: "poisonRates",
			values: (grid.poisonRates ?? []).map((rate) => ({ label: String(rate), apply: withPoisonRate(rate) })),
		},
		{
			name: "defense",
			field: "defenses",
			values: named(grid.defenses, (defense) => (config) => ({ ...config, defenses: [defense] })),
		},
		{
			name: "freeze",
			field: "freeze",
			values: (grid.freeze ?? []).map((freeze) => ({
				label: freeze,
				apply: (config) => ({ ...config, training: { ...(config.training as object), freeze } }),
			})),
		},
	];
	return axes.filter(({ values }) => values.length > 0);
}

/** Values of a `@oneOf` input are called by their case; a second one of the same case by its number as well. */
function named(
	choices: readonly object[] | null | undefined,
	apply: (choice: object) => (config: Input) => Input,
): Axis["values"] {
	const seen = new Map<string, number>();
	return (choices ?? []).map((choice) => {
		const name = caseOf(choice);
		const number = (seen.get(name) ?? 0) + 1;
		seen.set(name, number);
		return { label: number === 1 ? name : `${name} ${number}`, apply: apply(choice) };
	});
}

const caseOf = (choice: object) => Object.entries(choice).find(([, value]) => value != null)?.[0] ?? "";

function withGoal(goal: { from: string; to: string }) {
	return (config: Input): Input => {
		const { from, to } = goal;
		return varied(
			config,
			(parameters) => {
				if (parameters.has("from") && parameters.has("to")) return { from, to };
				return parameters.has("goals") ? { goals: [{ from, to }] } : null;
			},
			"goal",
		);
	};
}

function withPoisonRate(poisonRate: number) {
	return (config: Input): Input =>
		varied(config, (parameters) => (parameters.has("amount") ? { amount: { poisonRate } } : null), "poison rate");
}

/** Sets parameters of the configuration's attack, whichever it is. */
function varied(config: Input, change: (parameters: ReadonlySet<string>) => Input | null, what: string): Input {
	const attack = (config.attack ?? { [defaultAttack()]: {} }) as Input;
	const name = caseOf(attack);
	const changed = change(attackParameters(name));
	if (changed === null) throw new NotVariable(`Attack ${name} has no ${what} to vary. Leave that axis out.`);
	return { ...config, attack: { [name]: { ...(attack[name] as object), ...changed } } };
}

const attackField = experiment.fields.find(({ name }) => name === "attack") as Field;

function attackParameters(name: string): ReadonlySet<string> {
	const cases = attackField.shape.type === "choice" ? attackField.shape.cases : [];
	return new Set(cases.find(({ field }) => field === name)?.fields.map((field) => field.name));
}

const defaultAttack = () => (attackField.default as { name: string }).name;

/** Every choice of one place per axis; the last axis runs fastest. */
function combinations(sizes: readonly number[]): number[][] {
	return sizes.reduce<number[][]>(
		(chosen, size) => chosen.flatMap((before) => Array.from({ length: size }, (_, at) => [...before, at])),
		[[]],
	);
}
