/** The form of a new run as plain values: texts by path, and the input they make. */
import type { Catalog, ExperimentInput, Parameter } from "./queries.ts";

/** What was typed or picked, by `<section>.<path>`; what is not here has its default. */
export type Values = Readonly<Record<string, string>>;

export const keyOf = (section: string, path: readonly string[]) => [section, ...path].join(".");

/** A default as the form shows it: GraphQL's literals without quotes and brackets, of a case only its name. */
export function defaultText({
	default: literal,
	kind,
	isList,
}: Pick<Parameter, "default" | "kind" | "isList">): string {
	if (literal === null || literal === "null") return "";
	if (kind === "CASE") return /^\{\s*(\w+)/.exec(literal)?.[1] ?? literal;
	if (isList && kind !== "GOALS") return literal.replaceAll(/[[\]"]/g, "");
	return /^".*"$/s.test(literal) ? (JSON.parse(literal) as string) : literal;
}

export const textOf = (values: Values, section: string, parameter: Parameter) =>
	values[keyOf(section, parameter.path)] ?? defaultText(parameter);

const isAbove = (path: readonly string[], other: readonly string[]) =>
	path.length < other.length && path.every((part, index) => part === other[index]);

/** The choosers above a parameter, and the case of each that it lies in. */
function choosersOf(parameters: readonly Parameter[], { path }: Parameter): readonly (readonly [Parameter, string])[] {
	return parameters.flatMap((one) =>
		one.kind === "CASE" && isAbove(one.path, path) ? [[one, path[one.path.length] ?? ""] as const] : [],
	);
}

/** Parameters that apply: those of a case only while their case is chosen. */
export function inForce(parameters: readonly Parameter[], values: Values, section: string): readonly Parameter[] {
	return parameters.filter((parameter) =>
		choosersOf(parameters, parameter).every(([chooser, name]) => textOf(values, section, chooser) === name),
	);
}

/** A case without settings of its own: choosing it says all there is to say. */
export const isFlag = ({ kind, case: name, path }: Parameter) =>
	kind === "BOOLEAN" && name !== null && path.at(-1) === name;

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

const isNumber = ({ kind }: Parameter) => kind === "INT" || kind === "FLOAT";

/** Names may hold spaces, as "hair drier". */
const names = (text: string) =>
	text
		.split(",")
		.map((name) => name.trim())
		.filter(Boolean);

const parts = (text: string) => text.split(/[\s,]+/).filter(Boolean);

function valueOfText(parameter: Parameter, text: string): unknown {
	if (isFlag(parameter)) return true;
	if (parameter.kind === "GOALS") return parseGoals(text);
	if (parameter.isList) return isNumber(parameter) ? parts(text).map(Number) : names(text);
	if (text.trim() === "" && parameter.isNullable) return null;
	if (isNumber(parameter)) return Number(text);
	return parameter.kind === "BOOLEAN" ? text === "true" : text;
}

function numberFault(
	{ kind, minimum, maximum, isMinimumExclusive, isMaximumExclusive }: Parameter,
	text: string,
): string | undefined {
	const value = Number(text);
	if (!Number.isFinite(value)) return `"${text}" is not a number.`;
	if (kind === "INT" && !Number.isInteger(value)) return `${text} is not a whole number.`;
	if (minimum !== null && (value < minimum || (isMinimumExclusive && value === minimum)))
		return `${text} is too small; give ${isMinimumExclusive ? "more than" : "at least"} ${minimum}.`;
	if (maximum !== null && (value > maximum || (isMaximumExclusive && value === maximum)))
		return `${text} is too large; give ${isMaximumExclusive ? "less than" : "at most"} ${maximum}.`;
	return undefined;
}

/** What is wrong with a text before the server is asked; undefined if nothing. */
export function faultOf(parameter: Parameter, text: string): string | undefined {
	if (!isNumber(parameter)) return undefined;
	const texts = parameter.isList ? parts(text) : [text.trim()].filter(Boolean);
	if (texts.length === 0) return parameter.isNullable || parameter.default === null ? undefined : "Give a number.";
	return texts.map((one) => numberFault(parameter, one)).find((fault) => fault !== undefined);
}

type Branch = { [name: string]: unknown };

/** The input of one section: what was changed, at its place; of a changed case all that it needs. */
export function sectionInput(parameters: readonly Parameter[], values: Values, section: string): Branch {
	const root: Branch = {};
	const isTyped = ({ path }: Parameter) => values[keyOf(section, path)] !== undefined;
	const applying = inForce(parameters, values, section);
	for (const parameter of applying) {
		const choosers = choosersOf(parameters, parameter).map(([chooser]) => chooser);
		const isWanted =
			isTyped(parameter) || choosers.some((one) => isTyped(one) && textOf(values, section, one) !== defaultText(one));
		const text = textOf(values, section, parameter);
		if (parameter.kind === "CASE" || !isWanted || (!isTyped(parameter) && text === "" && !isFlag(parameter))) continue;
		let branch = root;
		for (const part of parameter.path.slice(0, -1)) {
			branch[part] ??= {};
			branch = branch[part] as Branch;
		}
		branch[parameter.path.at(-1)!] = valueOfText(parameter, text);
	}
	return root;
}

export interface Choice {
	/** Hash of an imported version; empty for the set that is made without one. */
	readonly dataset: string;
	readonly attack: string;
	readonly defenses: readonly string[];
}

/** The registry entry of the chosen data set, and what of it can be set besides the version that was chosen. */
export function datasetSection(catalog: Catalog, dataset: Choice["dataset"]) {
	const entry = catalog.datasets.find(({ name, isDefault }) => (dataset === "" ? isDefault : name === IMPORTED));
	const parameters = (entry?.parameters ?? []).filter(({ path }) => !VERSION.includes(path.join(".")));
	return { name: entry?.name ?? IMPORTED, parameters };
}

const IMPORTED = "imported";
/** What tells which version of an imported set is meant: a version is chosen by its hash, wherever it lies. */
const VERSION = ["hash", "folder"];

/** The configuration to start, for one seed. */
export function experimentInput(
	catalog: Catalog,
	values: Values,
	{ dataset, attack, defenses, seed }: Choice & { readonly seed: number },
): ExperimentInput {
	const entry = catalog.attacks.find(({ name }) => name === attack);
	const chosen = catalog.defenses.filter(({ name }) => defenses.includes(name));
	const data = datasetSection(catalog, dataset);
	const params = { ...(dataset !== "" && { hash: dataset }), ...sectionInput(data.parameters, values, data.name) };
	const input = {
		...(Object.keys(params).length > 0 && { dataset: { [data.name]: params } }),
		attack: { [attack]: sectionInput(entry?.parameters ?? [], values, attack) },
		defenses: chosen.map(({ name, parameters }) => ({ [name]: sectionInput(parameters, values, name) })),
		checkpoints: sectionInput(catalog.checkpoints, values, "checkpoints"),
		training: sectionInput(catalog.training, values, "training"),
		evaluation: sectionInput(catalog.evaluation, values, "evaluation"),
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

/** What lies at a name. A case is no level of its own in the engine's JSON: there its object says of which kind it is. */
function stepInto(at: unknown, name: string): unknown {
	const branch = at as Branch | undefined;
	return branch?.[name] ?? (camel(String(branch?.kind ?? "")) === name ? branch : undefined);
}

const screaming = (name: string) =>
	name
		.replace(/([a-z])([A-Z])/g, "$1_$2")
		.replaceAll("-", "_")
		.toUpperCase();

function textOfValue({ kind }: Parameter, value: unknown): string {
	if (kind === "CASE") return camel(String((value as Branch).kind ?? ""));
	if (kind === "GOALS") return goalsText(value as GoalText[]);
	if (Array.isArray(value)) return value.join(", ");
	return kind === "ENUM" ? screaming(String(value)) : String(value);
}

/** Form values that make the configuration of an earlier run again, from its canonical JSON. */
export function valuesOfConfig(catalog: Catalog, text: string): { readonly choice: Choice; readonly values: Values } {
	const config = JSON.parse(text) as {
		dataset: { readonly name: string; readonly params: { readonly hash?: string | null } };
		attack: Named;
		defenses: readonly Named[];
		checkpoints: unknown;
		training: unknown;
		evaluation: unknown;
	};
	const values: Record<string, string> = {};
	const read = (parameters: readonly Parameter[], section: string, params: unknown) => {
		for (const parameter of parameters) {
			const found = parameter.path.reduce(stepInto, params);
			const written = found == null || isFlag(parameter) ? "" : textOfValue(parameter, found);
			if (written !== "" && written !== defaultText(parameter)) values[keyOf(section, parameter.path)] = written;
		}
	};
	const entryOf = (entries: Catalog["attacks"], name: string) =>
		entries.find((entry) => entry.name === name)?.parameters ?? [];
	read(entryOf(catalog.attacks, config.attack.name), config.attack.name, config.attack.params);
	for (const { name, params } of config.defenses) read(entryOf(catalog.defenses, name), name, params);
	read(catalog.checkpoints, "checkpoints", config.checkpoints);
	read(catalog.training, "training", config.training);
	read(catalog.evaluation, "evaluation", config.evaluation);
	const dataset = config.dataset.name === IMPORTED ? (config.dataset.params.hash ?? "") : "";
	const data = datasetSection(catalog, dataset);
	if (data.name === config.dataset.name) read(data.parameters, data.name, config.dataset.params);
	return { choice: { dataset, attack: config.attack.name, defenses: config.defenses.map(({ name }) => name) }, values };
}
