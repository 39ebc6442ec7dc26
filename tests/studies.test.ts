/** The commands about studies as a person runs them, and the committed report against its recorded observations. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { reproductionReport, studiesInOrder, unpackRecorded } from "@mithridate/studies";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "..");
let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-studies-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(program: "study" | "reproduce", ...flags: string[]) {
	const command = join(repository, `studies/bin/${program}.ts`);
	return spawnSync(process.execPath, [command, ...flags], { cwd: folder, encoding: "utf8" });
}

describe("commands about studies", () => {
	test("name every study in their help", () => {
		const { status, stdout } = run("study", "--help");
		expect(status).toBe(0);
		for (const { name } of studiesInOrder) expect(stdout).toContain(name);
		expect(run("reproduce", "--help").status).toBe(0);
	});

	test.each([
		["no study", "study", [], /Name one study/],
		["an unknown study", "study", ["table-9"], /no study "table-9".*attack-two/s],
		["two studies", "study", ["utility", "cure"], /Name one study/],
		["an unknown flag", "study", ["utility", "--sedes", "1"], /--sedes/],
		["threads of a study in the queue", "study", ["utility", "--threads", "2"], /--threads.*--local/],
		["a seed that is none, in the queue too", "study", ["utility", "--seeds", "1,b"], /"1,b"/],
		["an unknown data set", "study", ["utility", "--local", "--dataset", "cifar"], /"cifar".*flickr-pascal/s],
		["a folder of a made data set", "study", ["utility", "--local", "--folder", "data"], /--folder/],
		["half a pair of checkpoints", "study", ["utility", "--local", "--checkpoint", "x"], /--reference/],
		["a seed that is none", "study", ["utility", "--local", "--seeds", "1,b"], /"1,b"/],
		["a seed twice", "study", ["utility", "--local", "--seeds", "1,1"], /twice/],
		["too many threads", "study", ["utility", "--local", "--threads", "5000"], /1024/],
		[
			"a study that the data set has no cells for",
			"study",
			["goal-pairs", "--local", "--dataset", "coco"],
			/no meaning/,
		],
		[
			"a data set that was not imported",
			"study",
			["utility", "--local", "--dataset", "coco", "--folder", "nowhere"],
			/nowhere/,
		],
		["a part without a place", "reproduce", ["--only", "utility"], /--out/],
		["a report of nothing recorded", "reproduce", ["--report", "--out", "nothing"], /no recorded observations/],
	] as const)("refuse %s with exit code 2, naming it", (_, program, flags, message) => {
		const { status, stdout, stderr } = run(program, ...flags);
		expect(stderr).toMatch(message);
		expect(stderr).not.toContain("    at ");
		expect([status, stdout]).toEqual([2, ""]);
	});
});

const recordedFile = join(repository, "docs/reproduction/observations.json.gz");

test.skipIf(!existsSync(recordedFile))("the committed report follows from the committed observations", () => {
	const { markdown, plots } = reproductionReport(
		studiesInOrder,
		unpackRecorded(readFileSync(recordedFile)),
		"reproduction",
	);
	expect(readFileSync(join(repository, "docs/reproduction.md"), "utf8")).toBe(markdown);
	const files = readdirSync(join(repository, "docs/reproduction")).filter((file) => file.endsWith(".svg"));
	expect(files.sort()).toEqual([...plots.keys()].sort());
	for (const [file, text] of plots)
		expect(readFileSync(join(repository, "docs/reproduction", file), "utf8")).toBe(text);
});
