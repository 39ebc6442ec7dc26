/** The configuration of `runs start`: a file, with the options over it. */
import { readFileSync } from "node:fs";
import type { RunToStart } from "@mithridate/client";
import { UsageError } from "../exit.ts";

type Config = NonNullable<RunToStart["config"]>;

interface ConfigOptions {
	readonly config?: string;
	readonly attack?: string;
	readonly goal?: string;
	readonly poisonRate?: string;
	readonly seed?: string;
}

/** Throws `UsageError` for what cannot be read; what the server does not accept, it says itself. */
export function configOf(options: ConfigOptions): Config {
	const { config, seed } = options;
	const file = config === undefined ? {} : readConfig(config);
	const poison = attackOf(options);
	return {
		...file,
		...(poison && { attack: poison }),
		...(seed !== undefined && { seed: number("--seed", seed) }),
	};
}

function attackOf({ attack, goal, poisonRate }: ConfigOptions) {
	if (attack === undefined && goal === undefined && poisonRate === undefined) return undefined;
	const name = (attack ?? "single-label").replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
	const goals = goal?.split(",").map((text) => {
		const [from, to, ...rest] = text.split("2");
		if (!from || !to || rest.length > 0)
			throw new UsageError(`--goal "${text}" is not of the form A2B, as in sheep2aeroplane.`);
		return { from, to };
	});
	const amount = poisonRate === undefined ? {} : { amount: { poisonRate: number("--poison-rate", poisonRate) } };
	const aim = goals === undefined ? {} : name === "multiLabel" ? { goals } : onlyOne(goals);
	return { [name]: { ...aim, ...amount } } as NonNullable<Config["attack"]>;
}

function onlyOne<Goal>(goals: readonly Goal[]): Goal {
	if (goals.length === 1) return goals[0]!;
	throw new UsageError("Several goals need --attack multi-label.");
}

function number(option: string, text: string): number {
	const value = Number(text);
	if (text.trim() === "" || !Number.isFinite(value)) throw new UsageError(`${option} "${text}" is not a number.`);
	return value;
}

function readConfig(path: string): Config {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch (error) {
		throw new UsageError(`${path} cannot be read as JSON: ${(error as Error).message}`);
	}
}
