/** Words of the command line as the typed input of an import, by what the server's catalog says about each setting. */
import { type Client, type DatasetToImport, graphql, type ResultOf } from "@mithridate/client";
import { UsageError } from "../exit.ts";

const ImportersQuery = graphql(`
	query Importers {
		catalog {
			importers { name parameters { path kind isList options } }
			images { path kind isList options }
		}
	}
`);

type Catalog = ResultOf<typeof ImportersQuery>["catalog"];
type Parameter = Catalog["images"][number];

/** `pascal-sentences`, `pascalSentences` and `PASCAL_SENTENCES` are one name. */
const plain = (name: string) => name.replaceAll(/[-_]/g, "").toLowerCase();

export interface ImportFlags {
	readonly set: readonly string[];
	readonly size?: number;
	readonly fit?: string;
	readonly resample?: string;
	readonly seed?: number;
	readonly key?: string;
}

/** The input but for the path. Throws `UsageError` for a kind, a setting or a value that there is none of. */
export async function importInput(
	client: Client,
	kind: string,
	{ set, size, fit, resample, seed, key }: ImportFlags,
): Promise<Omit<DatasetToImport, "path">> {
	const { importers, images } = (await client.request(ImportersQuery, {})).catalog;
	const entry = importers.find(({ name }) => plain(name) === plain(kind));
	if (!entry) {
		const names = importers.map(({ name }) => name).join(", ");
		throw new UsageError(`There is no importer "${kind}"; there are ${names}.`);
	}
	const stored = Object.entries({ size, fit, resample }).flatMap(([name, value]) =>
		value === undefined ? [] : [`${name}=${value}`],
	);
	return {
		importer: { [entry.name]: valuesOf(entry.parameters, set) } as DatasetToImport["importer"],
		images: valuesOf(images, stored) as NonNullable<DatasetToImport["images"]>,
		...(seed !== undefined && { seed }),
		...(key !== undefined && { idempotencyKey: key }),
	};
}

function valuesOf(parameters: readonly Parameter[], settings: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(
		settings.map((setting) => {
			const [name, ...rest] = setting.split("=");
			if (rest.length === 0) throw new UsageError(`--set needs the form NAME=VALUE, not "${setting}".`);
			const found = parameters.find(({ path }) => path.join(".") === name);
			if (!found) {
				const names = parameters.map(({ path }) => path.join(".")).join(", ");
				throw new UsageError(`There is no setting "${name}"; there are ${names}.`);
			}
			return [name, typedValue(found, rest.join("="))];
		}),
	);
}

function typedValue(parameter: Parameter, text: string): unknown {
	if (parameter.isList) {
		const items = text.replace(/^\[|\]$/g, "").split(",");
		return items.map((item) => typedValue({ ...parameter, isList: false }, item.trim().replace(/^"|"$/g, "")));
	}
	if (text === "null") return null;
	const { kind, options, path } = parameter;
	if (kind === "ENUM") {
		const option = options?.find((one) => plain(one) === plain(text));
		if (option) return option;
		throw new UsageError(
			`${path.join(".")} is one of ${options?.map((one) => one.toLowerCase()).join(", ")}, not "${text}".`,
		);
	}
	if (kind === "BOOLEAN") return text === "true";
	return kind === "INT" || kind === "FLOAT" ? Number(text) : text;
}
