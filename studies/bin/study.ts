/** One study: `npm run study -- NAME --local`. See `--help`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createIdentify, observationsOf, planJobs, studiesInOrder, studyNamed, studyReport } from "../src/index.ts";
import { runHere } from "./here.ts";
import { type Flags, invalid, loadOf, readFlags, settingOf, studyUsage } from "./options.ts";
import { cacheFolder } from "./places.ts";
import { end } from "./stop.ts";

async function runLocally(name: string, flags: Flags): Promise<void> {
	const study = studyNamed(name)!;
	const setting = settingOf(flags);
	const plan = await planJobs([study], setting, createIdentify({ cacheFolder }));
	if (plan.cells.length === 0)
		throw invalid("dataset", `The study ${name} has no meaning on ${setting.dataset}; choose another --dataset.`);
	const records = await runHere(plan, { load: loadOf(flags), json: flags.json });
	const observations = observationsOf(name, plan, records);
	const { markdown, plots } = studyReport(study, { observations, setting, folder: "." });
	if (flags.json) {
		const verdicts = study.claims.map((claim) => ({ claim: claim.name, ...claim.test(observations, setting) }));
		process.stdout.write(`${JSON.stringify({ type: "study-end", study: name, verdicts })}\n`);
	} else process.stdout.write(`${markdown}\n`);
	if (flags.out === undefined) return;
	const folder = resolve(flags.out);
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, `${name}.md`), `# ${study.title}\n\n${markdown}\n`);
	await writeFile(join(folder, "observations.json"), `${JSON.stringify({ setting, observations })}\n`);
	for (const [file, text] of plots) await writeFile(join(folder, file), text);
}

async function run(argv: readonly string[]): Promise<void> {
	const usage = studyUsage();
	const { values: flags, positionals } = readFlags(argv, usage);
	if (flags.help) {
		process.stdout.write(`${usage}\n`);
		return;
	}
	const [name, ...rest] = positionals;
	if (name === undefined || rest.length > 0) throw invalid("study", `Name one study.\n\n${usage}`);
	if (studyNamed(name) === undefined)
		throw invalid(
			"study",
			`There is no study "${name}". Choose one of: ${studiesInOrder.map((study) => study.name).join(", ")}.`,
		);
	if (flags.only !== undefined || flags.report)
		throw invalid("only", "--only and --report belong to npm run reproduce.");
	if (!flags.local)
		throw invalid(
			"local",
			"This command runs studies in its own process: add --local. To use the platform's queue, start the study on the dashboard's Studies page or by the mutation startDefinedStudy.",
		);
	await runLocally(name, flags);
}

await end(run(process.argv.slice(2)));
