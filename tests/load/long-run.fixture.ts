/** A run that is under way and has been for long: four curves of a great many points. */
import { claimRun, createRun, type Database, type RecordItem, type Run, record, registerWorker } from "@mithridate/db";
import { parseExperiment } from "@mithridate/engine";

const curves = ["poisoned/loss", "clean/loss", "filtered/loss", "cured/loss"] as const;

/** A run that is under way, with `points` stored points on each of four curves. */
export async function longRun({ db, pool }: Database, points: number): Promise<Run> {
	const worker = await registerWorker(db, { name: "far", host: "here", pid: process.pid, version: "0", threads: 1 });
	const run = { name: "a long run", config: parseExperiment({ seeds: [7] }), goalsLabel: "sheep → aeroplane" };
	const { id } = (await createRun(db, { run, enqueue: async () => undefined })).run;
	const claimed = (await claimRun(db, { runId: id, workerId: worker.id })) as Run;
	for (const key of curves)
		await pool.query(
			`INSERT INTO metric_points (run_id, key, step, value, epoch)
			SELECT $1, $2, step, 0.5 + 3 * exp(-step / 20000.0) + 0.4 * random(), $3 FROM generate_series(1, $4::int) AS step`,
			[id, key, claimed.epoch, points],
		);
	await pool.query("ANALYZE metric_points");
	// Nobody renews its lease, and a server takes back what is not renewed.
	await pool.query("UPDATE runs SET lease_until = now() + interval '1 day' WHERE id = $1", [id]);
	return claimed;
}

/** Steps on all four curves, as a trainer records them. */
export async function appendSteps(
	{ db }: Database,
	{ id, epoch }: Run,
	{ from, to }: { from: number; to: number },
): Promise<void> {
	const items = Array.from({ length: to - from + 1 }, (_, at) => from + at).flatMap((step) =>
		curves.map((key): RecordItem => ({ kind: "metric-point", key, step, value: 1 + Math.sin(step / 9) / 4 })),
	);
	await record(db, { runId: id, epoch, items });
}
