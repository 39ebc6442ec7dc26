/** Hands a study over to the platform, whose queue, workers and database run and keep it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { StudySetting } from "../src/index.ts";
import { repository } from "./here.ts";
import type { Flags } from "./options.ts";

/** The platform's own command; studies know it by its path alone. */
const command = join(repository, "apps/api/bin/mithridate.ts");

/** Starts the study on a server and follows it to its end; the exit status is the platform's. */
export async function runThroughQueue(
	name: string,
	{ setting, flags }: { readonly setting: StudySetting; readonly flags: Flags },
): Promise<void> {
	const { dataset, folder, checkpoints, seeds, scale } = setting;
	const given = [
		...["--dataset", dataset, "--seeds", seeds.join(","), "--scale", scale],
		...(folder === undefined ? [] : ["--folder", folder]),
		...(checkpoints === undefined ? [] : ["--checkpoint", checkpoints.start, "--reference", checkpoints.reference]),
		...(flags.json ? ["--json"] : []),
		...(flags.out === undefined ? [] : ["--out", flags.out]),
	];
	const child = spawn(process.execPath, [...process.execArgv, command, "studies", "run", name, ...given], {
		stdio: "inherit",
	});
	const [code] = (await once(child, "exit")) as [number | null];
	process.exitCode = code ?? 1;
}
