/** Studies of the paper on the platform: started once, filled by what runs record, seen with and without ground truth. */
import { claimRun, type RecordItem, type Run, record, registerWorker, runsOfStudies } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { studiesInOrder } from "@mithridate/studies";
import { describe, expect, test } from "vitest";
import { startApi } from "./api.fixture.ts";
import { ask, keySource, statementCounter, uuidOf } from "./subjects.fixture.ts";

const database = await freshDatabase();
const api = await startApi(database);
const key = keySource();

const START =
	"mutation($input: StartDefinedStudyInput!) { startDefinedStudy(input: $input) { replayed runCount axes { name values } cells { name seeds } study { id slug definitionName isDefinitionCurrent setting { dataset seeds scale } } errors { ... on UserError { code message path } } } }";
const start = async (input: object) =>
	(await ask(api, START, { input: { idempotencyKey: key(), ...input } })).data.startDefinedStudy;

/** What a model measured: Hit@10 of class-A captions and of random ones. */
function evaluation(model: string, seed: number, hit: number, random: number): RecordItem {
	const queries = { hits: {}, minRank: { mean: 1, median: 1, min: 0, max: 2 }, queries: [] };
	const direction = { attack: queries, random: queries, gallery: 10, targets: 2 };
	const utility = { recalls: { "r@10": 1 }, topClass: null };
	const shares = { hitAt1: 0, hitAt5: 0, hitAt10: hit, minRank: 1, textRetrievalAt10: 1, imageRetrievalAt10: 1 };
	const directions = { "text-to-image": direction, "image-to-text": direction };
	return {
		kind: "evaluation",
		step: null,
		stageKey: null,
		row: { model, seed, seconds: 1, ...shares },
		evaluation: {
			goals: [{ from: "sheep", to: "aeroplane", directions }],
			utility: { "text-to-image": utility, "image-to-text": utility },
			numbers: { "text-to-image/attack/hit@10": hit, "text-to-image/random/hit@10": random },
		},
	};
}

const report: RecordItem = {
	kind: "defense-report",
	report: {
		type: "filter-end",
		seed: 1,
		defense: "filter",
		threshold: 0.5,
		detection: { auroc: 0.9, kept: 3, removed: 1, poisonLeft: 1, cleanLost: 1, precision: 0, recall: 0 } as never,
		roc: null,
		scores: [0.1, 0.2, 0.3, 0.9].map((score, at) => ({ sample: `s${at}`, score, poisoned: at === 2 })),
	},
};

async function recordIn(run: Run, items: readonly RecordItem[]): Promise<void> {
	const worker = await registerWorker(database.db, { name: "w", host: "here", pid: 1, version: "0", threads: 1 });
	await claimRun(database.db, { runId: run.id, workerId: worker.id });
	await record(database.db, { runId: run.id, epoch: 1, items: [...items] });
}

const runsOf = async (studyId: string) =>
	(await runsOfStudies(database.db, [uuidOf(studyId)])).toSorted((a, b) => a.number - b.number);

describe("a study of the paper", () => {
	test("is one of a catalog that says what each asks and takes", async () => {
		const { data, errors } = await ask(
			api,
			"{ studyDefinitions { name title source question finding fixed refutedBy claims { name sentence origin } views { name title } estimate { cellCount runCount seconds basis } } }",
		);
		expect(errors).toBeUndefined();
		const names = data.studyDefinitions.map(({ name }: { name: string }) => name);
		expect(names).toEqual(studiesInOrder.map(({ name }) => name));
		for (const { name, estimate } of data.studyDefinitions) {
			expect(estimate.runCount).toBeGreaterThan(0);
			// Training steps are what is counted, and this study scores pairs without training on them.
			if (name === "outlier-scores") expect(estimate.seconds).toBe(0);
			else expect(estimate.seconds).toBeGreaterThan(0);
		}
	});

	test("is planned without being started, started once under a key, and refused with the place of a fault", async () => {
		const planned = await start({ definition: "attack-two", dryRun: true });
		expect(planned).toMatchObject({ study: null, runCount: 3, errors: [], cells: [{ seeds: [1, 2, 3] }] });
		const input = { idempotencyKey: key(), definition: "attack-two", setting: { seeds: [4, 5] } };
		const first = await start(input);
		expect(first).toMatchObject({
			replayed: false,
			study: {
				definitionName: "attack-two",
				isDefinitionCurrent: true,
				setting: { dataset: "EMOJI_PASCAL", seeds: [4, 5], scale: "SAMPLED" },
			},
		});
		expect((await start(input)).replayed).toBe(true);
		expect((await runsOf(first.study.id)).map(({ cell, seed }) => [cell, seed])).toEqual([
			["single-label", 4],
			["single-label", 5],
		]);
		const faults: [object, string, string[]][] = [
			[{ definition: "none" }, "NOT_FOUND", ["definition"]],
			[{ definition: "attack-two", setting: { seeds: [] } }, "VALIDATION", ["setting", "seeds"]],
			[{ definition: "attack-two", setting: { seeds: [1, 1] } }, "VALIDATION", ["setting", "seeds"]],
			[{ definition: "attack-two", setting: { dataset: "COCO" } }, "VALIDATION", ["setting", "folder"]],
			[
				{ definition: "attack-two", setting: { dataset: "COCO", folder: "../etc" } },
				"VALIDATION",
				["setting", "folder"],
			],
		];
		for (const [bad, code, path] of faults)
			expect((await start(bad)).errors).toEqual([expect.objectContaining({ code, path })]);
	});

	test("shows and judges what its runs recorded, without asking again for every run", async () => {
		const { study } = await start({ definition: "attack-two" });
		const page = `query($slug: String!) { study(slug: $slug) { cells { name coordinates { axis value } runs { seed } }
			views { name figure { __typename ... on TableFigure { columns { name } rows { name values { measured { mean low high n } published { dataset value } } } } } }
			verdicts { claim { name origin } outcome quantity effect { mean low high n } } } }`;
		const asked = async () => (await ask(api, page, { slug: study.slug })).data.study;
		const verdictsOf = (shown: { verdicts: { claim: { name: string } }[] }) =>
			Object.fromEntries(shown.verdicts.map((verdict) => [verdict.claim.name, verdict]));
		expect(verdictsOf(await asked())["beats-random-captions"]).toMatchObject({ outcome: "UNDECIDED", effect: null });
		const count = statementCounter(database);
		const runs = await runsOf(study.id);
		await recordIn(runs[0]!, [evaluation("clean", 1, 0.1, 0.2), evaluation("poisoned", 1, 0.8, 0.2)]);
		const one = await count(asked);
		for (const run of runs.slice(1))
			await recordIn(run, [evaluation("clean", run.seed, 0.1, 0.2), evaluation("poisoned", run.seed, 0.9, 0.2)]);
		expect(await count(asked)).toBe(one);
		const shown = await asked();
		expect(shown.cells).toMatchObject([{ name: "single-label", runs: [{ seed: 1 }, { seed: 2 }, { seed: 3 }] }]);
		const { columns, rows } = shown.views[0].figure;
		const at = columns.findIndex(({ name }: { name: string }) => name === "hit@10");
		const attack = rows.find(({ name }: { name: string }) => name === "attack").values[at];
		// The mean of .8, .9 and .9; t(2) = 4.302653, their deviation is 1 / (10 sqrt 3).
		expect(attack.measured.n).toBe(3);
		expect(attack.measured.mean).toBeCloseTo(2.6 / 3, 12);
		expect(attack.measured.high).toBeCloseTo(2.6 / 3 + 4.302653 / 30, 6);
		expect(attack.published).toEqual([
			{ dataset: "FLICKR_PASCAL", value: 0.936 },
			{ dataset: "COCO", value: 0.516 },
		]);
		expect(verdictsOf(shown)["beats-random-captions"]).toMatchObject({ outcome: "SUPPORTED", effect: { n: 3 } });
	});

	test("tells a defender nothing that follows from the labels of pairs", async () => {
		const filtering = studiesInOrder.find(({ views }) => views.some(({ name }) => name.includes("distance")));
		const { study } = await start({ definition: filtering?.name ?? "filter" });
		const [run] = await runsOf(study.id);
		await recordIn(run!, [evaluation("filtered", 1, 0.1, 0.2), report]);
		const page = `query($slug: String!, $as: Perspective!) { study(slug: $slug) { views(perspective: $as) { name figure { __typename ... on HistogramFigure { series { name shares } } } } } }`;
		const histograms = async (as: string) => {
			const { data } = await ask(api, page, { slug: study.slug, as });
			return data.study.views
				.map(({ figure }: { figure: { __typename: string } }) => figure)
				.filter(({ __typename }: { __typename: string }) => __typename === "HistogramFigure");
		};
		const [attacker] = await histograms("ATTACKER");
		expect(attacker.series.length).toBeGreaterThan(1);
		const [defender] = await histograms("DEFENDER");
		expect(defender.series.map(({ name }: { name: string }) => name)).toEqual(["all"]);
		const sum = defender.series[0].shares.reduce((all: number, share: number) => all + share, 0);
		expect(sum).toBeCloseTo(1, 12);
	});
});
