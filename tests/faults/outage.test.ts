/** PostgreSQL stopped and started again while a run trains: training goes on, and everything is recorded once. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@mithridate/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountFor, flawless } from "./accounting.fixture.ts";
import { figure, isAlive, type Laboratory, openLaboratory, patiently, signal } from "./laboratory.fixture.ts";
import { timesOver } from "./repeats.fixture.ts";
import { tinyExperiment, undisturbed } from "./tiny.fixture.ts";

const STOPS = 5;
/** A worker's own embedded server, and one that the worker only knows the address of. */
const kinds = timesOver({ ci: 1, whole: 2 }) === 1 ? (["embedded"] as const) : (["embedded", "external"] as const);

let embedded: Laboratory;
const laboratories: Laboratory[] = [];

beforeAll(async () => {
	embedded = await openLaboratory();
	laboratories.push(embedded);
});
afterAll(async () => {
	for (const laboratory of laboratories.toReversed()) await laboratory.close();
});

test.each(kinds)(
	"with an %s server stopped 5 times, a run finishes with nothing lost and nothing doubled",
	{ timeout: 240_000 },
	async (kind) => {
		const laboratory = kind === "embedded" ? embedded : await elsewhere();
		const { rows } = laboratory;
		const config = await tinyExperiment(laboratory.folder, { epochs: 40 });
		const worker = laboratory.startWorker("steadfast");
		const runId = await laboratory.run(config);
		const expected = undisturbed(laboratory.folder, config);
		await laboratory.trains(runId, 1);
		let awaySeconds = 0;
		for (let stop = 0; stop < STOPS; stop++) {
			await sleep(500);
			const [{ folder }] = (await patiently(20, () =>
				rows<{ folder: string }>("SELECT current_setting('data_directory') AS folder"),
			)) as [{ folder: string }];
			const pid = Number((await readFile(join(folder, "postmaster.pid"), "utf8")).split("\n")[0]);
			const at = performance.now();
			// By turns as somebody stops a server, and as it crashes.
			signal(pid, stop % 2 === 0 ? "SIGINT" : "SIGQUIT");
			await patiently(20, async () => (isAlive(pid) ? null : true));
			await patiently(40, () => rows("SELECT 1"));
			awaySeconds += (performance.now() - at) / 1000;
		}
		const ended = await laboratory.until(runId, ({ status }) => status !== "running" && status !== "queued", 120);
		const account = await accountFor(laboratory, runId, await expected);
		const outages = worker.log.filter(({ msg }) => msg.includes("held in a file")).length;
		figure("outage", { kind, stops: STOPS, noticed: outages, awaySeconds, attempts: ended.epoch, ...account });
		expect(ended).toMatchObject({ status: "succeeded", epoch: 1 });
		expect(account).toEqual(flawless);
		expect(outages).toBeGreaterThan(0);
		// No connection was lost on the way: whoever waits for one then waits for ever.
		signal(worker.process.pid, "SIGTERM");
		expect(await worker.exit).toEqual({ code: 0, signal: null });
	},
);

/** A laboratory whose workers are given the address of a server, which runs in a data folder they know nothing of. */
async function elsewhere(): Promise<Laboratory> {
	const { url, close } = await openDatabase({ dataFolder: join(embedded.folder, "elsewhere") });
	const laboratory = await openLaboratory(url);
	laboratories.push({ ...laboratory, close: () => laboratory.close().then(close) });
	return laboratory;
}
