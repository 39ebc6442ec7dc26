/** `mithridate doctor`: finds missing and damaged artifacts, gaps and orphans; `--repair` mends what is harmless to mend. */
import { parseArgs } from "node:util";
import { diagnose, type Finding, migrate, openDatabase, repair } from "@mithridate/db";
import { openArtifacts } from "../src/artifact-store.ts";
import { StoreEnv } from "../src/store-env.ts";
import { dataFolder } from "./server.ts";

const usage = `mithridate doctor [--repair] [--json]

Reads every stored file and looks for what must never be. Works while the platform runs, and without it.
Exit code 0 when all is well or was repaired, 3 when something is left that a person must decide on.
`;

/** Something is left that `--repair` does not touch. */
const SICK = 3;

const { values } = parseArgs({
	options: {
		repair: { type: "boolean", default: false },
		json: { type: "boolean", default: false },
		help: { type: "boolean", default: false },
	},
});
if (values.help) process.stdout.write(usage);
else process.exitCode = await examine();

async function examine(): Promise<number> {
	const url = process.env.DATABASE_URL;
	const database = await openDatabase({ dataFolder, ...(url && { url }) });
	try {
		await migrate(database);
		const store = openArtifacts(dataFolder, StoreEnv.parse(process.env));
		const findings: Finding[] = [];
		for await (const finding of diagnose(database.db, store)) {
			findings.push(finding);
			if (!values.repair) print(finding, false);
		}
		const repaired = new Set(values.repair ? await repair(database.db, store, findings) : []);
		if (values.repair) for (const finding of findings) print(finding, repaired.has(finding));
		const left = findings.length - repaired.size;
		if (!values.json) process.stdout.write(`${findings.length} findings, ${repaired.size} repaired\n`);
		return left === 0 ? 0 : SICK;
	} finally {
		await database.close();
	}
}

function print(finding: Finding, isRepaired: boolean): void {
	if (values.json) return void process.stdout.write(`${JSON.stringify({ ...finding, isRepaired })}\n`);
	const { kind, message, remedy } = finding;
	const end = isRepaired ? "repaired" : remedy ? `--repair ${remedy}` : "needs a person";
	process.stdout.write(`${kind}: ${message} (${end})\n`);
}
