/** Starting runs and sweeps, and every way to be refused. */
import { freshDatabase } from "@mithridate/db/testing";
import { describe, expect, test } from "vitest";
import { startApi } from "./api.fixture.ts";
import { ask, keySource, START_RUN } from "./subjects.fixture.ts";

const database = await freshDatabase();
const api = await startApi(database);
const key = keySource();

describe("starting a run", () => {
	test("fills in the engine's defaults and names it after its attack", async () => {
		const { data } = await ask(api, START_RUN, {
			input: { idempotencyKey: key(), config: {}, clientMutationId: "mine" },
		});
		expect(data.startRun).toMatchObject({ clientMutationId: "mine", replayed: false, errors: [] });
		expect(data.startRun.run).toMatchObject({ name: "Single label: sheep → aeroplane", status: "QUEUED", seed: 1 });
	});

	test("twice under one key is one run, and another input under it is a conflict", async () => {
		const input = { idempotencyKey: key(), config: { seed: 5 } };
		const first = await ask(api, START_RUN, { input });
		const second = await ask(api, START_RUN, { input });
		expect(second.data.startRun.replayed).toBe(true);
		expect(second.data.startRun.run.id).toBe(first.data.startRun.run.id);
		const other = await ask(api, START_RUN, { input: { ...input, config: { seed: 6 } } });
		expect(other.data.startRun).toMatchObject({ run: null, errors: [{ code: "CONFLICT", path: ["idempotencyKey"] }] });
	});

	test.each([
		[{ name: "x".repeat(201) }, "name"],
		[{ name: " " }, "name"],
		[{ notes: "x".repeat(10_001) }, "notes"],
		[{ tags: Array(21).fill("t") }, "tags"],
		[{ tags: ["x".repeat(51)] }, "tags.0"],
		[{ priority: 1001 }, "priority"],
		[{ idempotencyKey: "" }, "idempotencyKey"],
		[{ clientMutationId: "x".repeat(201) }, "clientMutationId"],
		[{ studyId: "nonsense" }, "studyId"],
		[{ config: { seed: -1 } }, "config.seed"],
		[{ config: { training: { batchSize: 1 } } }, "config.training.batchSize"],
		[
			{ config: { attack: { singleLabel: { amount: { poisonRate: 2 } } } } },
			"config.attack.singleLabel.amount.poisonRate",
		],
		[
			{ config: { defenses: [{ filter: { threshold: { mixture: { posterior: 1 } } } }] } },
			"config.defenses.0.filter.threshold.mixture.posterior",
		],
		[{ config: { defenses: [{ cure: {} }, { filter: {} }, { cure: { epochs: 1 } }] } }, "config.defenses.2.cure"],
		[{ config: { checkpoints: { start: "../../etc" } } }, "config.checkpoints.start"],
		[{ config: { checkpoints: { reference: "/etc" } } }, "config.checkpoints.reference"],
		[{ config: { dataset: { imported: { folder: "data/../../x" } } } }, "config.dataset.imported.folder"],
	])("with %j is refused at its place", async (bad, path) => {
		const { data } = await ask(api, START_RUN, { input: { idempotencyKey: key(), config: {}, ...bad } });
		expect(data.startRun.run).toBeNull();
		expect(data.startRun.errors.map((error: { path: string[] }) => error.path.join("."))).toEqual([path]);
	});

	test.each([{ config: { colour: 1 } }, { colour: 1 }, { config: { attack: { singleLabel: {}, multiLabel: {} } } }])(
		"with %j is refused by GraphQL itself",
		async (bad) => {
			const { errors } = await ask(api, START_RUN, { input: { idempotencyKey: key(), config: {}, ...bad } });
			expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
		},
	);

	test("of a study that is not there is refused", async () => {
		const studyId = Buffer.concat([Buffer.from([1, 2]), Buffer.alloc(16)]).toString("base64url");
		const { data } = await ask(api, START_RUN, { input: { idempotencyKey: key(), config: {}, studyId } });
		expect(data.startRun.errors).toMatchObject([{ code: "NOT_FOUND", path: ["studyId"] }]);
	});
});

describe("a sweep", () => {
	const start =
		"mutation($input: StartStudyInput!) { startStudy(input: $input) { runCount replayed axes { name values } cells { coordinates { axis value } seeds } study { id slug } errors { ... on UserError { code message path } ... on QuotaExceededError { limit } } } }";
	const grid = {
		attacks: [{ singleLabel: {} }, { multiLabel: {} }],
		goals: [{ from: "dog", to: "cat" }],
		poisonRates: [0.01, 0.02],
		seeds: [1, 2, 3],
	};

	test("tells its cells before it starts, then makes every run, once per key", async () => {
		const input = { idempotencyKey: key(), name: "Rates & attacks", config: {}, grid };
		const dry = await ask(api, start, { input: { ...input, dryRun: true } });
		expect(dry.data.startStudy).toMatchObject({ study: null, runCount: 12, errors: [] });
		expect(dry.data.startStudy.cells).toHaveLength(4);
		expect(dry.data.startStudy.cells[3]).toEqual({
			coordinates: [
				{ axis: "attack", value: "multiLabel" },
				{ axis: "goal", value: "dog → cat" },
				{ axis: "poisonRate", value: "0.02" },
			],
			seeds: [1, 2, 3],
		});
		const { data } = await ask(api, start, { input });
		expect(data.startStudy.study.slug).toMatch(/^rates-attacks-[0-9a-f]{6}$/);
		expect((await ask(api, start, { input })).data.startStudy).toMatchObject({
			replayed: true,
			study: data.startStudy.study,
		});
		const page = await ask(
			api,
			"query($slug: String!) { study(slug: $slug) { axes { name values } counts { status count } cells { coordinates { value } status runs { seed config { attack { ... on MultiLabelAttack { goals { from to } } } } } } runs(first: 5) { totalCount } } }",
			{ slug: data.startStudy.study.slug },
		);
		expect(page.data.study.counts).toEqual([{ status: "QUEUED", count: 12 }]);
		expect(page.data.study.runs.totalCount).toBe(12);
		expect(page.data.study.axes.at(-1)).toEqual({ name: "seed", values: ["1", "2", "3"] });
		const cell = page.data.study.cells.find(
			({ coordinates }: { coordinates: { value: string }[] }) => coordinates[0]?.value === "multiLabel",
		);
		expect(cell.runs.map(({ seed }: { seed: number }) => seed)).toEqual([1, 2, 3]);
		expect(cell.runs[0].config.attack.goals).toEqual([{ from: "dog", to: "cat" }]);
	});

	test.each([
		[{ ...grid, seeds: Array.from({ length: 501 }, (_, at) => at) }, "QUOTA_EXCEEDED", "grid"],
		[{ ...grid, seeds: [1, 1] }, "VALIDATION", "grid.seeds"],
		[{ poisonRates: [3] }, "VALIDATION", "config.attack.singleLabel.amount.poisonRate"],
	])("with grid %# is refused", async (bad, code, path) => {
		const { data } = await ask(api, start, { input: { idempotencyKey: key(), name: "Bad", config: {}, grid: bad } });
		expect(data.startStudy.study).toBeNull();
		expect(data.startStudy.errors[0]).toMatchObject({ code, path: path.split(".") });
	});
});
