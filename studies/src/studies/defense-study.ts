/** What the studies of the paper's two defenses have in common: the three attacks, utility tables, and claims over all of them. */
import { type Comparison, compare } from "../comparison.ts";
import type { Cell, Claim, Published, StudySetting, View } from "../contract.ts";
import { ATTACKS, type AttackName, defended, experimentOf } from "../experiments.ts";
import { utilityQuantity } from "../figures/quantities.ts";
import { table } from "../figures/table.ts";
import { IR, TR } from "../readings.ts";
import { allOf } from "../verdict.ts";
import { attackColumns, attackRows } from "./attack-study.ts";

export const attackTitles: Readonly<Record<AttackName, string>> = {
	"single-image": "Attack I",
	"single-label": "Attack II",
	"multi-label": "Attack III",
};

const tasks = [
	{ name: "TR", title: "TR Hit@10", reading: TR },
	{ name: "IR", title: "IR Hit@10", reading: IR },
] as const;

type Defenses = Parameters<typeof defended>[1];

/** The defense against each of the three attacks. */
export function defendedCells(setting: StudySetting, defenses: Defenses): Cell[] {
	return ATTACKS.map((attack) => ({
		name: attack,
		coordinates: { attack: attackTitles[attack] },
		config: defended(experimentOf(setting, attack), defenses),
	}));
}

/** Attack and reference lines with the defended model between them, for each attack; the paper's numbers are Attack II's. */
export function defendedTables(outcome: string, title: string, published: readonly Published[]): View[] {
	return ATTACKS.map((cell) => {
		const [attack, ...lines] = attackRows(cell);
		const defendedRow = { name: outcome, title: `class-A captions, ${outcome} model`, cell, model: outcome };
		return {
			name: `table-${cell}`,
			title: `${title}: ${attackTitles[cell]}`,
			show: (observations) =>
				table(observations, {
					rows: [attack!, defendedRow, ...lines],
					columns: attackColumns,
					published: cell === "single-label" ? published : [],
				}),
		};
	});
}

/** Retrieval of clean and defended models. */
export function utilityTable(outcome: string, title: string, published: readonly Published[]): View {
	return {
		name: "utility",
		title,
		show: (observations) =>
			table(observations, {
				rows: [
					{ name: "utility-clean", title: "clean", cell: "single-label", model: "clean" },
					...ATTACKS.map((cell) => ({
						name: cell === "single-label" ? `utility-${outcome}` : cell,
						title: `${outcome}, ${attackTitles[cell]}`,
						cell,
						model: outcome,
					})),
				],
				columns: tasks.map(({ name, title, reading }) => ({ name, ...utilityQuantity(title), reading })),
				published,
			}),
	};
}

/** A claim that has to hold against all three attacks; titles are told apart by the attack. */
export function againstAll(
	words: Pick<Claim, "name" | "sentence" | "origin">,
	compared: (cell: AttackName) => readonly Comparison[],
): Claim {
	return {
		...words,
		test: (observations) =>
			allOf(
				ATTACKS.flatMap((cell) =>
					compared(cell).map((one) => compare(observations, { ...one, title: `${one.title}, ${attackTitles[cell]}` })),
				),
			),
	};
}

/** A defended model's utility may differ from the clean one's by so much, in both directions. */
export function utilityWithin(outcome: string, most: number): (cell: AttackName) => Comparison[] {
	return (cell) =>
		tasks.map(({ title, reading }) => ({
			title,
			reading,
			first: { cell, model: outcome, title: outcome },
			second: { cell, model: "clean", title: "clean" },
			bound: { atLeast: -most, atMost: most },
		}));
}
