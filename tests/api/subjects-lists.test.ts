/** Lists page by page, and the statements they take. */
import { freshDatabase } from "@mithridate/db/testing";
import { describe, expect, test } from "vitest";
import { startApi } from "./api.fixture.ts";
import { ask, finishedRun, keySource, someDataset, statementCounter, threeRuns, uuidOf } from "./subjects.fixture.ts";

const database = await freshDatabase();
const counted = statementCounter(database);
const api = await startApi(database);
const dataset = await someDataset(database);
const runs = await threeRuns(database, dataset.id);
const key = keySource();

describe("lists", () => {
	const list =
		"query($first: Int, $after: Cursor, $last: Int, $before: Cursor, $orderBy: RunOrder) { runs(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) { totalCount nodes { number } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

	test.each(["NUMBER", "CREATED_AT", "ENDED_AT", "POISONED_HIT_AT_10"])(
		"in order of %s are the same forwards and backwards, each row once",
		async (field) => {
			const orderBy = { field, direction: "DESC" };
			const walk = async (
				step: (from: { endCursor: string; startCursor: string } | null) => object,
				more: "hasNextPage" | "hasPreviousPage",
			) => {
				const pages: number[][] = [];
				let at: { endCursor: string; startCursor: string } | null = null;
				for (;;) {
					const { data } = await ask(api, list, { orderBy, ...step(at) });
					pages.push(data.runs.nodes.map(({ number }: { number: number }) => number));
					at = data.runs.pageInfo;
					if (!data.runs.pageInfo[more]) return { pages, total: data.runs.totalCount };
				}
			};
			const forwards = await walk((at) => ({ first: 4, after: at?.endCursor }), "hasNextPage");
			const backwards = await walk((at) => ({ last: 4, before: at?.startCursor }), "hasPreviousPage");
			expect(new Set(forwards.pages.flat()).size).toBe(forwards.total);
			expect(backwards.pages.toReversed().flat()).toEqual(forwards.pages.flat());
		},
	);

	test("refuse a cursor of another order, and one that was changed", async () => {
		const { data } = await ask(api, list, { first: 1 });
		const after = data.runs.pageInfo.endCursor;
		for (const variables of [
			{ first: 1, after, orderBy: { field: "ENDED_AT" } },
			{ first: 1, after: `${after.slice(0, -2)}AA` },
		]) {
			const { errors } = await ask(api, list, variables);
			expect(errors?.[0]?.extensions.code).toBe("INVALID_CURSOR");
		}
	});
});

test("the classes of a data set are shown by one test pair each, its first", async () => {
	const { data } = await ask(
		api,
		"query($hash: Sha256!) { dataset(hash: $hash) { examples { class sample split } } }",
		{
			hash: dataset.hash,
		},
	);
	expect(data.dataset.examples).toEqual([
		{ class: "aeroplane", sample: "test-1", split: "TEST" },
		{ class: "sheep", sample: "test-0", split: "TEST" },
	]);
});

describe("statements", () => {
	test("of the run list, the study page and the run page do not grow with rows", async () => {
		const list =
			"query($first: Int) { runs(first: $first, filter: { status: [SUCCEEDED] }) { nodes { name study { name } dataset { name } outcomes { model hitAt10 } attempts { worker } metricKeys { key } stages { key checkpoints { id } } progress { worker } } totalCount } }";
		const one = await counted(() => ask(api, list, { first: 1 }));
		const three = await counted(() => ask(api, list, { first: 3 }));
		expect(three).toBe(one);
		const { study } = (
			await ask(api, "mutation($input: StartStudyInput!) { startStudy(input: $input) { study { slug id } } }", {
				input: { idempotencyKey: key(), name: "Counted", config: {}, grid: {} },
			})
		).data.startStudy;
		const page =
			"query($slug: String!) { study(slug: $slug) { counts { status } cells { coordinates { value } runs { name outcomes { model } } outcomes { mean } } runs(first: 50) { nodes { outcomes { model } } } } }";
		const small = await counted(() => ask(api, page, { slug: study.slug }));
		for (const seed of [7, 8, 9])
			await finishedRun({ database, datasetId: dataset.id, seed, studyId: uuidOf(study.id) });
		expect(await counted(() => ask(api, page, { slug: study.slug }))).toBe(small);
		const run =
			"query($number: Int!, $first: Int) { run(number: $number) { dataset { name } outcomes { model } evaluations { id goals { hits { k } } } defenseReports { id } poisonedPairs(first: $first) { nodes { before { url } after { url } } } attempts { worker } metricKeys { key } logs(first: 5) { nodes { message } } } }";
		const { number } = runs[0]!;
		const few = await counted(() => ask(api, run, { number, first: 1 }));
		expect(await counted(() => ask(api, run, { number, first: 2 }))).toBe(few);
		expect([one, small, few].every((count) => count > 0 && count <= 16)).toBe(true);
	});
});
