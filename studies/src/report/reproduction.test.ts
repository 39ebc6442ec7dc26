import { describe, expect, test } from "vitest";
import { studiesInOrder, studyNamed } from "../in-order.ts";
import { emoji } from "../observations.fixture.ts";
import { hit } from "../readings.ts";
import { planJobs } from "../run/jobs.ts";
import { record } from "../run/records.fixture.ts";
import { packRecorded, recorded, recordedObservations, unpackRecorded } from "./recorded.ts";
import { reproductionReport } from "./reproduction.ts";

const identify = async () => ({ dataset: "d".repeat(64), start: "s", reference: "r" });

/** Every study measured on the three models of the paper's attacks, with nothing of defenses. */
async function content() {
	const plan = await planJobs(studiesInOrder, emoji, identify);
	const records = [1, 2, 3].flatMap((seed) =>
		["base", "clean", "poisoned"].map((model) =>
			record(seed, model, { numbers: { [hit(10)]: model === "poisoned" ? 0.9 : 0.1 }, made: "1.2.3 at abc" }),
		),
	);
	return recorded(plan, emoji, { hashes: { "data set": "d".repeat(64) }, recordsOf: () => records });
}

describe("the report on all studies", () => {
	test("is a pure function of what was recorded, which survives packing bit by bit", async () => {
		const made = await content();
		const packed = packRecorded(made);
		expect(packRecorded(unpackRecorded(packed)).equals(packed)).toBe(true);
		expect(unpackRecorded(packed)).toEqual(JSON.parse(JSON.stringify(made)));
		const [first, second] = [made, unpackRecorded(packed)].map((one) =>
			reproductionReport(studiesInOrder, one, "reproduction"),
		);
		expect(second).toEqual(first);
	});

	test("counts verdicts, says plainly what is not supported, and names hashes and versions", async () => {
		const { markdown, plots } = reproductionReport(studiesInOrder, await content(), "reproduction");
		expect(markdown).toContain("Not supported by our data:");
		expect(markdown).toContain("- **undecided**, Table 4:");
		expect(markdown).toContain("d".repeat(64));
		expect(markdown).toContain("Measured with 1.2.3 at abc");
		for (const file of plots.keys()) expect(markdown).toContain(`(reproduction/${file})`);
		const anchors = [...markdown.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
		const headings = [...markdown.matchAll(/^## (.+)$/gm)].map(([, heading]) =>
			heading!
				.toLowerCase()
				.replaceAll(/[^a-z0-9 -]/g, "")
				.replaceAll(" ", "-"),
		);
		expect(headings).toEqual(expect.arrayContaining(anchors));
	});

	test("leaves out studies without observations, and says so", async () => {
		const made = await content();
		const part = { ...made, cells: made.cells.filter(({ study }) => study === "attack-two") };
		expect(recordedObservations(part, "attack-two").length).toBeGreaterThan(0);
		expect(recordedObservations(part, "modality")).toEqual([]);
		const { markdown } = reproductionReport([studyNamed("attack-two")!, studyNamed("modality")!], part, "r");
		expect(markdown).toContain("Not measured: Which modality is vulnerable.");
	});
});
