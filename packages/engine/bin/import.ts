/** Imports and lists data sets: `npm run datasets -- import KIND PATH`. See `--help`. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
	type ImportEvent,
	type ImportRequest,
	importDataset,
	importers,
	listDatasets,
	MithridateError,
} from "../src/index.ts";
import { createProgress } from "./progress.ts";
import { STOPPED, stopSignal } from "./stop.ts";

const repository = resolve(import.meta.dirname, "../../..");
const standardFolder = join(repository, "data/datasets");
/** Bad rows shown on the terminal; the report holds all of them. */
const mostShown = 20;

const kebab = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z])/g, "-").toLowerCase();
const kinds = Object.entries(importers).map(([name, { description }]) => `  ${kebab(name).padEnd(18)}${description}`);

const usage = `Usage: npm run datasets -- import KIND PATH [flags]
       npm run datasets -- list [--out DIR] [--json]

Kinds:
${kinds.join("\n")}

  --out DIR          folder of the imported data sets (default data/datasets)
  --set NAME=VALUE   a parameter of the kind, such as flickr=all; may be given several times
  --size N           side of the stored images in pixels (default 224)
  --fit HOW          crop (default) keeps the centre, stretch keeps all of the image
  --resample HOW     libvips (default, fast) or pillow (the bits of Pillow's bicubic)
  --seed N           decides every draw of labels and splits (default 42)
  --processes N      decoder processes (default: one for each core)
  --json             one event per line on standard output and nothing else
  --help             this text

An interrupted import goes on where it stopped when the same command is given again.
Train on the result with: npm run experiment -- --dataset DIR`;

function flagsOf(argv: readonly string[]) {
	try {
		return parseArgs({
			args: [...argv],
			allowPositionals: true,
			options: {
				out: { type: "string", default: standardFolder },
				set: { type: "string", multiple: true, default: [] },
				size: { type: "string" },
				fit: { type: "string" },
				resample: { type: "string" },
				seed: { type: "string" },
				processes: { type: "string" },
				json: { type: "boolean", default: false },
				help: { type: "boolean", default: false },
			},
		});
	} catch (cause) {
		throw new MithridateError("invalid-config", `${(cause as Error).message}\n\n${usage}`, { cause });
	}
}

type Flags = ReturnType<typeof flagsOf>["values"];

type Parameters = Readonly<Record<string, { safeParse(value: unknown): { readonly success: boolean } }>>;

/** `name=value` pairs as parameters; a value that is JSON counts as what it is, unless only its text is right, as in `year=2017`. */
function paramsOf(settings: readonly string[], shape: Parameters): Record<string, unknown> {
	return Object.fromEntries(
		settings.map((setting) => {
			const [name, ...value] = setting.split("=");
			if (value.length === 0)
				throw new MithridateError("invalid-config", `--set needs the form NAME=VALUE, not "${setting}".`, {
					subject: "set",
				});
			const text = value.join("=");
			const parsed = jsonOr(text);
			const isText = !shape[name!]?.safeParse(parsed).success && shape[name!]?.safeParse(text).success;
			return [name, isText ? text : parsed];
		}),
	);
}

function jsonOr(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));

function requestOf(kind: string, path: string, flags: Flags): ImportRequest {
	const { size, fit, resample, seed, processes } = flags;
	const images = { size: numberOf(size), fit, resample };
	const given = Object.fromEntries(Object.entries(images).filter(([, value]) => value !== undefined));
	const found = Object.entries(importers).find(([name]) => name === kind || kebab(name) === kind);
	return {
		kind: found?.[0] ?? kind,
		path,
		params: paramsOf(flags.set, found?.[1].params.shape ?? {}),
		folder: resolve(flags.out),
		images: given as ImportRequest["images"] & object,
		...(seed !== undefined && { seed: Number(seed) }),
		...(processes !== undefined && { processes: Math.max(1, Math.floor(Number(processes)) || 1) }),
		signal: stopSignal(),
	};
}

async function runImport(kind: string, path: string, flags: Flags): Promise<void> {
	const progress = flags.json ? null : createProgress(process.stderr);
	const events = importDataset(requestOf(kind, path, flags));
	let bad = 0;
	const show = (event: ImportEvent) => {
		if (flags.json) process.stdout.write(`${JSON.stringify(event)}\n`);
		else if (event.type === "progress") progress?.show({ ...event, seed: null });
		else if (++bad <= mostShown) {
			progress?.close();
			process.stderr.write(`${event.file}, row ${event.row}: ${event.reason}, ${event.detail}\n`);
		}
	};
	for (;;) {
		const { done, value } = await events.next();
		if (!done) {
			show(value);
			continue;
		}
		progress?.close();
		if (flags.json) process.stdout.write(`${JSON.stringify({ type: "imported", ...value })}\n`);
		else {
			const { train, test, trusted } = value.samples;
			const left = value.bad === 0 ? "" : `${value.bad} rows left out: ${join(value.path, "bad-rows.jsonl")}\n`;
			process.stdout.write(
				`${train} training, ${test} test and ${trusted} trusted images\n${left}Train on it: npm run experiment -- --dataset ${value.path}\n`,
			);
		}
		return;
	}
}

async function runList(flags: Flags): Promise<void> {
	const versions = await listDatasets(resolve(flags.out));
	for (const { hash, kind, samples, images, path } of versions) {
		const { train, test, trusted } = samples;
		const line = `${hash.slice(0, 12)}  ${kind.padEnd(16)}${train} train, ${test} test, ${trusted} trusted, ${images.size} px  ${path}`;
		process.stdout.write(`${flags.json ? JSON.stringify({ hash, kind, samples, images, path }) : line}\n`);
	}
	if (versions.length === 0 && !flags.json) process.stdout.write(`No data sets in ${resolve(flags.out)}.\n`);
}

async function run(argv: readonly string[]): Promise<void> {
	const { values: flags, positionals } = flagsOf(argv);
	const [command, kind, path] = positionals;
	if (flags.help) process.stdout.write(`${usage}\n`);
	else if (command === "import" && kind !== undefined && path !== undefined && positionals.length === 3)
		await runImport(kind, path, flags);
	else if (command === "list" && positionals.length === 1) await runList(flags);
	else throw new MithridateError("invalid-config", usage);
}

try {
	await run(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof MithridateError)) {
		process.stderr.write(`${(error as Error).stack}\n`);
		process.exitCode = 1;
	} else if (error.code === "aborted") {
		process.stderr.write("Stopped. The same command goes on where it stopped.\n");
		process.exitCode = STOPPED;
	} else {
		process.stderr.write(`${error.code}: ${error.message}\n`);
		process.exitCode = 2;
	}
}
