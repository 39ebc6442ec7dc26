/** The form of a new run as plain values: texts by path, and the input they make. */
import type { Catalog, ExperimentInput, Parameter } from "./queries.ts";

/** What was typed or picked, by `<section>.<path>`; what is not here has its default. */
export type Values = Readonly<Record<string, string>>;

export const keyOf = (section: string, path: readonly string[]) => [section, ...path].join(".");

/** A default as the form shows it: GraphQL's literals, without the quotes of a text. */
export function defaultText({ default: literal }: Pick<Parameter, "default">): string {
	if (literal === null) return "";
	return /^".*"$/s.test(literal) ? (JSON.parse(literal) as string) : literal;
}

export const textOf = (values: Values, section: string, parameter: Parameter) =>
	values[keyOf(section, parameter.path)] ?? defaultText(parameter);

/** Parameters that apply: those of a case only while their case is chosen. */
export function inForce(parameters: readonly Parameter[], values: Values, section: string): readonly Parameter[] {
	return parameters.filter((parameter) => {
		if (parameter.case === null) return true;
		const chooser = parameters.find(
			({ kind, path }) =>
				kind === "CASE" &&
				path.length < parameter.path.length &&
				path.every((part, index) => part === parameter.path[index]),
		);
		return chooser === undefined || textOf(values, section, chooser) === parameter.case;
	});
}

export interface GoalText {
	readonly from: string;
	readonly to: string;
}

/** Goals as the address holds them: `sheep>aeroplane,sofa>bird`. */
export function parseGoals(text: string): readonly GoalText[] {
	if (text.startsWith("[")) {
		return [...text.matchAll(/from:\s*"([^"]*)",\s*to:\s*"([^"]*)"/g)].map(([, from = "", to = ""]) => ({ from, to }));
	}
	return text.split(",").flatMap((goal) => {
		const [from, to] = goal.split(">");
		return from && to ? [{ from, to }] : [];
	});
}

export const goalsText = (goals: readonly GoalText[]) => goals.map(({ from, to }) => `${from}>${to}`).join(",");

function valueOfText(parameter: Parameter, text: string): unknown {
	if (parameter.kind === "INT" || parameter.kind === "FLOAT") return text.trim() === "" ? null : Number(text);
	if (parameter.kind === "BOOLEAN") return text === "true";
	if (parameter.kind === "GOALS") return parseGoals(text);
	return text;
}

/** What is wrong with a text before the server is asked; undefined if nothing. */
export function faultOf(parameter: Parameter, text: string): string | undefined {
	if (parameter.kind !== "INT" && parameter.kind !== "FLOAT") return undefined;
	if (text.trim() === "") return parameter.default === null ? undefined : "Give a number.";
	const value = Number(text);
	if (!Number.isFinite(value)) return `"${text}" is not a number.`;
	if (parameter.kind === "INT" && !Number.isInteger(value)) return `${text} is not a whole number.`;
	if (parameter.minimum !== null && value < parameter.minimum)
		return `${text} is below the least, ${parameter.minimum}.`;
	if (parameter.maximum !== null && value > parameter.maximum)
		return `${text} is above the most, ${parameter.maximum}.`;
	return undefined;
}

type Branch = { [name: string]: unknown };

/** The input of one section: what was changed, at its place, and no more. */
export function sectionInput(parameters: readonly Parameter[], values: Values, section: string): Branch {
	const root: Branch = {};
	for (const parameter of inForce(parameters, values, section)) {
		const isCaseChanged = parameters.some(
			({ kind, path, ...rest }) =>
				kind === "CASE" &&
				parameter.path.length === path.length + 1 &&
				path.every((part, index) => part === parameter.path[index]) &&
				values[keyOf(section, path)] !== undefined &&
				values[keyOf(section, path)] !== defaultText(rest),
		);
		const typed = values[keyOf(section, parameter.path)];
		if (parameter.kind === "CASE" || (typed === undefined && !isCaseChanged)) continue;
		let branch = root;
		for (const part of parameter.path.slice(0, -1)) {
			branch[part] ??= {};
			branch = branch[part] as Branch;
		}
		branch[parameter.path.at(-1)!] = valueOfText(parameter, typed ?? defaultText(parameter));
	}
	return root;
}

export interface Choice {
	readonly attack: string;
	readonly defenses: readonly string[];
}

/** The configuration to start, for one seed. */
export function experimentInput(
	catalog: Catalog,
	values: Values,
	{ attack, defenses, seed }: Choice & { readonly seed: number },
): ExperimentInput {
	const entry = catalog.attacks.find(({ name }) => name === attack);
	const chosen = catalog.defenses.filter(({ name }) => defenses.includes(name));
	const input = {
		attack: { [attack]: sectionInput(entry?.parameters ?? [], values, attack) },
		defenses: chosen.map(({ name, parameters }) => ({ [name]: sectionInput(parameters, values, name) })),
		training: sectionInput(catalog.training, values, "training"),
		seed,
	};
	return input as ExperimentInput;
}

/** "1, 2, 5" as seeds: whole numbers from 0, each once. */
export function parseSeeds(text: string): readonly number[] | null {
	const seeds = text
		.split(/[\s,]+/)
		.filter(Boolean)
		.map(Number);
	const isRight = seeds.length > 0 && seeds.every((seed) => Number.isInteger(seed) && seed >= 0);
	return isRight && new Set(seeds).size === seeds.length ? seeds : null;
}

const camel = (kebab: string) => kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

interface Named {
	readonly name: string;
	readonly params: unknown;
}

/** Form values that make the configuration of an earlier run again, from its canonical JSON. */
export function valuesOfConfig(catalog: Catalog, text: string): { readonly choice: Choice; readonly values: Values } {
	const config = JSON.parse(text) as { attack: Named; defenses: readonly Named[]; training: unknown };
	const values: Record<string, string> = {};
	const read = (parameters: readonly Parameter[], section: string, params: unknown) => {
		for (const parameter of parameters) {
			const value = parameter.path.reduce<unknown>((at, part) => (at as Branch | undefined)?.[part], params);
			const found = parameter.kind === "CASE" ? camel(String((value as Branch | undefined)?.kind ?? "")) : value;
			if (found === undefined || found === null || found === "") continue;
			const written =
				parameter.kind === "GOALS"
					? goalsText(found as GoalText[])
					: parameter.kind === "ENUM"
						? String(found).toUpperCase()
						: String(found);
			if (written !== defaultText(parameter)) values[keyOf(section, parameter.path)] = written;
		}
	};
	const entryOf = (entries: Catalog["attacks"], name: string) =>
		entries.find((entry) => entry.name === name)?.parameters ?? [];
	read(entryOf(catalog.attacks, config.attack.name), config.attack.name, config.attack.params);
	for (const { name, params } of config.defenses) read(entryOf(catalog.defenses, name), name, params);
	read(catalog.training, "training", config.training);
	return { choice: { attack: config.attack.name, defenses: config.defenses.map(({ name }) => name) }, values };
}
