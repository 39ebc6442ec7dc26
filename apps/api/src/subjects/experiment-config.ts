/** The typed configuration of this build's engine, made once. */
import { attackOf, attacks, datasets, defenses, ExperimentConfig, type Patch } from "@mithridate/engine";
import { classesNamed } from "../typed-config/class-names.ts";
import { type Parsed, typedConfig } from "../typed-config/typed-config.ts";
import type { Issue } from "../typed-config/values.ts";

export const experiment = typedConfig(ExperimentConfig, { attack: attacks, defenses, dataset: datasets });

/** The patch that a configuration's attack stamps on the images it poisons; null for none. */
export function patchOf({ attack }: Pick<ExperimentConfig, "attack">): Patch | null {
	return attackOf(attack).patch?.(attack.params) ?? null;
}

/** Names between single slashes that begin with a letter, a digit or an underscore: nothing that leads out of a folder. */
const plainFolder = /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

/** Every folder that a configuration names, with its place in the input. */
function foldersOf({ checkpoints, dataset }: ExperimentConfig): { path: string[]; folder: string }[] {
	const { start, reference } = checkpoints;
	const named = [
		{ path: ["checkpoints", "start"], folder: start },
		{ path: ["checkpoints", "reference"], folder: reference },
		{ path: ["dataset", dataset.name, "folder"], folder: "folder" in dataset.params ? dataset.params.folder : null },
	];
	return named.flatMap(({ path, folder }) => (folder === null ? [] : [{ path, folder }]));
}

/**
 * Checks a configuration that came from outside. A folder in it is relative to the server's own and never leads out of
 * it, so that no other file of the machine can be asked for. Sections that it leaves out are those of `base`.
 */
export function parseConfig(input: object, base?: ExperimentConfig): Parsed<ExperimentConfig> {
	const parsed = experiment.parse(input, base);
	if (parsed.config === undefined) return parsed;
	const issues = configIssues(parsed.config);
	return issues.length === 0 ? parsed : { issues };
}

/** What no server carries out, although it is a valid configuration: foreign folders, classes that are not there, a defense twice. */
export function configIssues(config: ExperimentConfig): Issue[] {
	const folders = foldersOf(config)
		.filter(({ folder }) => !plainFolder.test(folder))
		.map(({ path, folder }) => ({
			path,
			message: `"${folder.slice(0, 64)}" is no folder within the server's: give names between slashes, as in data/flickr-pascal.`,
		}));
	return [...folders, ...unknownClasses(config), ...defensesAlike(config)];
}

/** Models and reports of a run are known by their defense, so each stands in it once. */
function defensesAlike({ defenses: chosen }: ExperimentConfig): Issue[] {
	return chosen.flatMap(({ name }, at) => {
		if (chosen.findIndex((other) => other.name === name) === at) return [];
		const message = `"${name}" stands twice in one run. Start a run of its own for each: what they share is trained once.`;
		return [{ path: ["defenses", String(at), name], message }];
	});
}

/** Classes that the attack names and the data set does not have, where they are known before it is opened. */
function unknownClasses({ attack, dataset }: ExperimentConfig): Issue[] {
	const { classes } = datasets[dataset.name];
	const shape = experiment.fields.find(({ name }) => name === "attack")?.shape;
	if (classes === null || shape === undefined) return [];
	return classesNamed(shape, attack, ["attack"])
		.filter(({ name }) => !classes.includes(name))
		.map(({ path, name }) => ({
			path,
			message: `There is no class "${name.slice(0, 64)}". Choose one of: ${classes.join(", ")}.`,
		}));
}
