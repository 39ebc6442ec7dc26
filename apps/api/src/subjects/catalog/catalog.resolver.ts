/** The catalog, made once from the engine's registries. */
import { attacks, defenses, metrics } from "@mithridate/engine";
import { Query, Resolver } from "type-graphql";
import { parameters, title } from "../../typed-config/parameters.ts";
import { experiment } from "../experiment-config.ts";
import { Catalog, type CatalogEntry } from "./catalog.type.ts";

interface Entry {
	readonly description: string;
	readonly source: string;
	readonly outcome?: string;
}

function entries(section: string, registry: Readonly<Record<string, Entry>>): CatalogEntry[] {
	return Object.entries(registry).map(([name, { description, source, outcome = null }]) => ({
		name,
		title: title(name),
		description,
		source,
		outcome,
		parameters: parameters(experiment.fields, [section, name]),
	}));
}

/** Data sets have no registry of their own in the engine: they are the cases of the configuration's choice. */
function datasets(): CatalogEntry[] {
	const shape = experiment.fields.find(({ name }) => name === "dataset")?.shape;
	const cases = shape?.type === "choice" ? shape.cases : [];
	return entries(
		"dataset",
		Object.fromEntries(cases.map(({ value, description }) => [value, { description, source: "Made by the engine" }])),
	);
}

const catalog: Catalog = {
	attacks: entries("attack", attacks),
	defenses: entries("defenses", defenses),
	metrics: Object.entries(metrics).map(([name, metric]) => ({ name, ...metric })),
	datasets: datasets(),
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
