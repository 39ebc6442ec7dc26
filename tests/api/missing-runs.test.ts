/** What a study lacks of its plan is seen, and queued once: deleted, archived and cancelled runs, of sweeps and defined studies. */
import { claimRun, finishAttempt, registerWorker } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { describe, expect, test } from "vitest";
import { startApi } from "./api.fixture.ts";
import { ask, keySource, uuidOf } from "./subjects.fixture.ts";

const database = await freshDatabase();
const api = await startApi(database);
const key = keySource();

const START_SWEEP =
	"mutation($input: StartStudyInput!) { startStudy(input: $input) { study { id slug } errors { __typename } } }";
const START_DEFINED =
	"mutation($input: StartDefinedStudyInput!) { startDefinedStudy(input: $input) { study { id slug } errors { __typename } } }";
const START_MISSING =
	"mutation($input: StartMissingRunsInput!) { startMissingRuns(input: $input) { clientMutationId count replayed cells { name coordinates { axis value } seeds } runs { id number seed status priority } study { missing { seeds } } errors { ... on UserError { code message path } } } }";

interface Shown {
	readonly id: string;
	readonly missing: readonly { name: string | null; coordinates: { axis: string; value: string }[]; seeds: number[] }[];
	readonly counts: readonly { status: string; count: number }[];
	readonly cells: readonly { runs: readonly { id: string; number: number; seed: number; status: string }[] }[];
}

const STUDY =
	"query($slug: String!) { study(slug: $slug) { id missing { name coordinates { axis value } seeds } counts { status count } cells { runs { id number seed status } } } }";
const studyOf = async (slug: string): Promise<Shown> => (await ask(api, STUDY, { slug })).data.study;
const change = (name: string, ids: readonly string[]) =>
	ask(api, `mutation($ids: [ID!]!) { ${name}(input: { ids: $ids }) { count errors { __typename } } }`, { ids });
const startMissing = async (input: object) =>
	(await ask(api, START_MISSING, { input: { idempotencyKey: key(), ...input } })).data.startMissingRuns;

/** Two rates of two seeds. */
async function aSweep() {
	const input = {
		idempotencyKey: key(),
		name: "Rates",
		config: {},
		grid: { poisonRates: [0.01, 0.02], seeds: [1, 2] },
	};
	const { data } = await ask(api, START_SWEEP, { input });
	const { slug } = data.startStudy.study;
	const study = await studyOf(slug);
	return { slug, id: study.id, runs: study.cells.flatMap(({ runs }) => runs) };
}

async function fail(runId: string): Promise<void> {
	const worker = await registerWorker(database.db, { name: "w", host: "here", pid: 1, version: "0", threads: 1 });
	const run = await claimRun(database.db, { runId: uuidOf(runId), workerId: worker.id });
	await finishAttempt(database.db, {
		runId: uuidOf(runId),
		epoch: run!.epoch,
		outcome: "failed",
		error: { code: "internal", message: "it broke" },
		enqueue: async () => undefined,
	});
}

describe("a sweep", () => {
	test("lacks what was deleted, archived or cancelled, and not what waits or failed", async () => {
		const { slug, id, runs } = await aSweep();
		expect((await studyOf(slug)).missing).toEqual([]);
		const [deleted, archived, cancelled, failed] = runs;
		await change("deleteRuns", [deleted!.id]);
		await change("cancelRuns", [archived!.id, cancelled!.id]);
		await change("archiveRuns", [archived!.id]);
		await fail(failed!.id);
		const lacking = [
			{ name: null, coordinates: [{ axis: "poisonRate", value: "0.01" }], seeds: [1, 2] },
			{ name: null, coordinates: [{ axis: "poisonRate", value: "0.02" }], seeds: [1] },
		];
		expect((await studyOf(slug)).missing).toEqual(lacking);
		const dry = await startMissing({ studyId: id, dryRun: true });
		expect(dry).toMatchObject({
			count: 3,
			cells: lacking,
			runs: [],
			errors: [],
			study: { missing: lacking.map(({ seeds }) => ({ seeds })) },
		});

		const input = { idempotencyKey: key(), studyId: id, priority: 7, clientMutationId: "mine" };
		const started = await startMissing(input);
		expect(started).toMatchObject({
			clientMutationId: "mine",
			count: 3,
			replayed: false,
			cells: lacking,
			errors: [],
			study: { missing: [] },
		});
		const queued: { id: string; seed: number; status: string; priority: number }[] = started.runs;
		expect(queued.map(({ seed, status }) => [seed, status]).sort()).toEqual([
			[1, "QUEUED"],
			[1, "QUEUED"],
			[2, "QUEUED"],
		]);
		// The cancelled one goes on; the archived one stays out of sight, and another one takes its place.
		const again = queued.map((run) => run.id);
		expect(again).toContain(cancelled!.id);
		expect(again).not.toContain(archived!.id);
		expect(queued.filter(({ priority }) => priority === 7)).toHaveLength(2);
		const after = await studyOf(slug);
		expect(after.missing).toEqual([]);
		expect(after.cells.map((cell) => cell.runs.map(({ seed }) => seed))).toEqual([
			[1, 2],
			[1, 2],
		]);
		expect(after.counts.find(({ status }) => status === "FAILED")).toMatchObject({ count: 1 });

		expect(await startMissing(input)).toMatchObject({
			count: 3,
			replayed: true,
			runs: queued.map(({ id }) => ({ id })),
		});
		expect(await startMissing({ studyId: id })).toMatchObject({ count: 0, replayed: false, cells: [] });
		expect(await startMissing({ ...input, priority: 8 })).toMatchObject({
			count: 0,
			errors: [{ code: "CONFLICT", path: ["idempotencyKey"] }],
		});
	});

	test("gets each missing run once however many ask at the same time", async () => {
		const { slug, id, runs } = await aSweep();
		await change(
			"deleteRuns",
			runs.map((run) => run.id),
		);
		expect((await studyOf(slug)).missing).toHaveLength(2);
		const counts = await Promise.all(
			Array.from({ length: 5 }, async () => (await startMissing({ studyId: id })).count),
		);
		expect(counts.sort()).toEqual([0, 0, 0, 0, 4]);
		expect((await studyOf(slug)).counts).toEqual([{ status: "QUEUED", count: 4 }]);
	});

	test("that cannot be planned again as it was says so, and starts nothing", async () => {
		const { slug, id, runs } = await aSweep();
		await change("deleteRuns", [runs[0]!.id]);
		const keep = (patch: string) =>
			database.pool.query(`UPDATE studies SET grid = grid ${patch} WHERE slug = $1`, [slug]);
		await keep(`|| '{"source": [{"training": {"epochs": 3}}, {"poisonRates": [0.01, 0.02], "seeds": [1, 2]}]}'`);
		expect((await startMissing({ studyId: id })).errors).toEqual([
			{ code: "CONFLICT", message: expect.stringContaining("other runs"), path: ["studyId"] },
		]);
		await keep("- 'source'");
		expect((await startMissing({ studyId: id })).errors).toMatchObject([{ code: "CONFLICT", path: ["studyId"] }]);
		expect((await studyOf(slug)).counts).toEqual([{ status: "QUEUED", count: 3 }]);
	});
});

describe("a defined study", () => {
	const aStudy = async () => {
		const input = { idempotencyKey: key(), definition: "attack-two", setting: { seeds: [4, 5, 6] } };
		const { data } = await ask(api, START_DEFINED, { input });
		return data.startDefinedStudy.study as { id: string; slug: string };
	};

	test("gets the runs of its cells back, each in its cell", async () => {
		const { id, slug } = await aStudy();
		const runs = (await studyOf(slug)).cells.flatMap((cell) => cell.runs);
		await change(
			"deleteRuns",
			runs.map((run) => run.id),
		);
		expect((await studyOf(slug)).missing).toMatchObject([{ name: "single-label", seeds: [4, 5, 6] }]);
		expect(await startMissing({ studyId: id })).toMatchObject({ count: 3, errors: [] });
		const { rows } = await database.pool.query(
			"SELECT cell, seed::int FROM runs JOIN studies ON studies.id = study_id WHERE slug = $1 ORDER BY seed",
			[slug],
		);
		expect(rows).toEqual([4, 5, 6].map((seed) => ({ cell: "single-label", seed })));
		expect((await studyOf(slug)).missing).toEqual([]);
	});

	test("whose definition has changed is not filled with runs of another one", async () => {
		const { id, slug } = await aStudy();
		const [run] = (await studyOf(slug)).cells.flatMap((cell) => cell.runs);
		await change("deleteRuns", [run!.id]);
		await database.pool.query("UPDATE studies SET definition_hash = $2 WHERE slug = $1", [slug, "0".repeat(64)]);
		expect((await studyOf(slug)).missing).toEqual([]);
		expect((await startMissing({ studyId: id })).errors).toMatchObject([{ code: "CONFLICT", path: ["studyId"] }]);
	});
});

test("a study that is not there, and input that is no good, are refused at their place", async () => {
	const studyId = Buffer.concat([Buffer.from([1, 2]), Buffer.alloc(16)]).toString("base64url");
	expect((await startMissing({ studyId })).errors).toMatchObject([{ code: "NOT_FOUND", path: ["studyId"] }]);
	expect((await startMissing({ studyId: "nonsense", priority: 2000 })).errors).toMatchObject([
		{ code: "VALIDATION", path: ["studyId"] },
		{ code: "VALIDATION", path: ["priority"] },
	]);
});
