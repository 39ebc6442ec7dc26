/** All studies and the report on them: `npm run reproduce`. See `--help`. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
	createIdentify,
	type Plan,
	packRecorded,
	planJobs,
	type Recorded,
	recorded,
	reproductionReport,
	type StudyDefinition,
	studiesInOrder,
	unpackRecorded,
} from "../src/index.ts";
import { runHere } from "./here.ts";
import { type Flags, invalid, loadOf, readFlags, reproduceUsage, settingOf } from "./options.ts";
import { cacheFolder, repository } from "./places.ts";
import { end } from "./stop.ts";

const docs = join(repository, "docs");

interface Places {
	readonly report: string;
	/** Plots and recorded observations. */
	readonly folder: string;
	readonly observations: string;
	/** As the report links to it. */
	readonly link: string;
}

function placesIn(folder: string): Places {
	const below = join(folder, "reproduction");
	return {
		report: join(folder, "reproduction.md"),
		folder: below,
		observations: join(below, "observations.json.gz"),
		link: "reproduction",
	};
}

function studiesOf({ only }: Flags): readonly StudyDefinition[] {
	if (only === undefined) return studiesInOrder;
	const names = only.split(",").map((name) => name.trim());
	const unknown = names.find((name) => !studiesInOrder.some((study) => study.name === name));
	if (unknown !== undefined)
		throw invalid(
			"only",
			`There is no study "${unknown}". Choose among: ${studiesInOrder.map(({ name }) => name).join(", ")}.`,
		);
	return studiesInOrder.filter(({ name }) => names.includes(name));
}

/** What data sets and checkpoints are called in the report, and their hashes. */
function hashesOf({ jobs }: Plan): Recorded["hashes"] {
	return Object.fromEntries(
		jobs.flatMap(({ config, identity }) => {
			const params = Object.entries(config.dataset.params)
				.filter(([name]) => ["trainPerClass", "filler"].includes(name))
				.map(([name, value]) => `${name} ${value}`);
			const { start, reference } = config.checkpoints;
			return [
				[`data set ${config.dataset.name} (${params.join(", ")})`, identity.dataset],
				[`checkpoint to start from, ${start ?? "base"}`, identity.start],
				[`checkpoint that filters score with, ${reference ?? "reference"}`, identity.reference],
			];
		}),
	);
}

/** Writes the report and its plots; plots of an earlier report that are no longer named go. */
async function writeReport(studies: readonly StudyDefinition[], content: Recorded, places: Places): Promise<void> {
	const { markdown, plots } = reproductionReport(studies, content, places.link);
	await mkdir(places.folder, { recursive: true });
	for (const file of await readdir(places.folder))
		if (file.endsWith(".svg") && !plots.has(file)) await rm(join(places.folder, file));
	for (const [file, text] of plots) await writeFile(join(places.folder, file), text);
	await writeFile(places.report, markdown);
	process.stderr.write(`Written: ${places.report}\n`);
}

async function readRecorded({ observations }: Places): Promise<Recorded> {
	const bytes = await readFile(observations).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== "ENOENT") throw error;
		throw invalid("report", `There are no recorded observations at ${observations}; leave out --report to make them.`);
	});
	return unpackRecorded(bytes);
}

async function run(argv: readonly string[]): Promise<void> {
	const { values: flags, positionals } = readFlags(argv, reproduceUsage);
	if (flags.help) {
		process.stdout.write(`${reproduceUsage}\n`);
		return;
	}
	if (positionals.length > 0)
		throw invalid("reproduce", `"${positionals[0]}" is no flag; to run one study: npm run study -- ${positionals[0]}`);
	const studies = studiesOf(flags);
	if (flags.only !== undefined && flags.out === undefined)
		throw invalid("only", "--only writes a report of a part; say where with --out.");
	const places = placesIn(flags.out === undefined ? docs : resolve(flags.out));
	if (flags.report) {
		await writeReport(studies, await readRecorded(places), places);
		return;
	}
	const setting = settingOf(flags);
	const plan = await planJobs(studies, setting, createIdentify({ cacheFolder }));
	const recordsOf = await runHere(plan, { load: loadOf(flags), json: flags.json });
	const content = recorded(plan, setting, { hashes: hashesOf(plan), recordsOf });
	await mkdir(places.folder, { recursive: true });
	await writeFile(places.observations, packRecorded(content));
	await writeReport(studies, content, places);
}

await end(run(process.argv.slice(2)));
