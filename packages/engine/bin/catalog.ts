/** The text of docs/catalog.md, made from the registries: what attacks, defenses and metrics there are, and what can be set. */
import { z } from "zod";
import { attacks, datasets, defenses, importers, metrics, presets } from "../src/index.ts";

interface Field {
	readonly description?: string;
	readonly default?: unknown;
	readonly oneOf?: readonly Schema[];
	readonly anyOf?: readonly Schema[];
}
interface Schema extends Field {
	readonly properties?: Readonly<Record<string, Field & { readonly const?: unknown }>>;
}

const text = (value: unknown) => String(value ?? "").replaceAll("|", "\\|");

/** One line per parameter; the fields of a choice are listed under it, by its kind. */
function fields(schema: Schema, path = ""): string[] {
	return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
		if (path !== "" && field.const !== undefined) return [];
		const kinds = field.oneOf ?? field.anyOf ?? [];
		const standard = field.default === undefined ? "" : `\`${JSON.stringify(field.default)}\``;
		return [
			`| \`${path}${name}\` | ${text(field.description)} | ${text(standard)} |`,
			...kinds.flatMap((kind) => fields(kind, `${path}${name}.`)),
		];
	});
}

function parameters(params: z.ZodType): string {
	const lines = fields(z.toJSONSchema(params, { io: "input" }) as Schema);
	return lines.length === 0
		? "No parameters."
		: `| parameter | meaning | default |\n| --- | --- | --- |\n${lines.join("\n")}`;
}

const heading = (name: string, { description, source }: { description: string; source: string }) =>
	`### ${name}\n\n${description}\n\nSource: ${source}.`;

/** Where a preset's paper and code disagree, and what it cannot express. */
function variants({ switches, caveats }: (typeof presets)[keyof typeof presets]): string {
	const lines = switches.map(({ setting, paper, code }) => `| \`${text(setting)}\` | ${text(paper)} | ${text(code)} |`);
	const table = `| setting | paper | code |\n| --- | --- | --- |\n${lines.join("\n")}`;
	return `${table}\n\n${caveats.map((caveat) => `- ${caveat}`).join("\n")}`;
}

/** The catalog as Markdown. */
export function catalog(): string {
	return `${[
		"# Catalog",
		"Made from the registries by `npm run generate`; `npm run lint` fails when it is out of date.",
		"## Attacks",
		...Object.entries(attacks).flatMap(([name, attack]) => [heading(name, attack), parameters(attack.params)]),
		"## Defenses",
		...Object.entries(defenses).flatMap(([name, defense]) => [heading(name, defense), parameters(defense.params)]),
		"## Metrics",
		...Object.entries(metrics).flatMap(([name, metric]) => [heading(name, metric)]),
		"## Data sets",
		...Object.entries(datasets).flatMap(([name, dataset]) => [heading(name, dataset), parameters(dataset.params)]),
		"## Importers",
		...Object.entries(importers).flatMap(([name, importer]) => [heading(name, importer), parameters(importer.params)]),
		"## Presets",
		...Object.entries(presets).flatMap(([name, preset]) => [
			heading(name, preset),
			parameters(preset.params),
			variants(preset),
		]),
	].join("\n\n")}\n`;
}
