/** The catalog, made once from the engine's registries. */
import { attacks, datasets, defenses, ExperimentConfig, metrics } from "@mithridate/engine";
import { Query, Resolver } from "type-graphql";
import { parameters, title } from "../../typed-config/parameters.ts";
import { experiment } from "../experiment-config.ts";
import { imageParameters, importerEntries } from "../imports/import-form.ts";
import { Catalog, type CatalogEntry } from "./catalog.type.ts";

interface Entry {
	readonly title?: string;
	readonly description: string;
	readonly source: string;
	readonly outcome?: string;
}

/** The classes of the data set that is used where none is named. */
const usual = ExperimentConfig.parse({});
const usualClasses = datasets[usual.dataset.name].classes;
const usualNames = new Set([usual.dataset, usual.attack, ...usual.defenses].map(({ name }): string => name));

function entries(section: string, registry: Readonly<Record<string, Entry>>): CatalogEntry[] {
	return Object.entries(registry).map(([name, { description, source, outcome = null, ...entry }]) => ({
		name,
		title: entry.title ?? title(name),
		isDefault: usualNames.has(name),
		description,
		source,
		outcome,
		parameters: parameters(experiment.fields, [section, name]).map((one) =>
			one.kind === "CLASS" || one.kind === "GOALS" ? { ...one, options: usualClasses } : one,
		),
	}));
}

const catalog: Catalog = {
	attacks: entries("attack", attacks),
	defenses: entries("defenses", defenses),
	metrics: Object.entries(metrics).map(([name, metric]) => ({ name, ...metric })),
	datasets: entries("dataset", datasets),
	importers: importerEntries,
	images: imageParameters,
	checkpoints: parameters(experiment.fields, ["checkpoints"]),
	training: parameters(experiment.fields, ["training"]),
	evaluation: parameters(experiment.fields, ["evaluation"]),
	defaults: experiment.present(experiment.parse({}).config as object),
};

@Resolver()
export class CatalogResolver {
	@Query(() => Catalog, { description: "What an experiment can be put together from: forms are drawn from it." })
	catalog(): Catalog {
		return catalog;
	}
}
