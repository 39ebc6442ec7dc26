import { describe, expect, test } from "vitest";
import type { Figure, Quantity } from "../figures/figure.ts";
import { interval } from "../interval.ts";
import { emoji, observeAll } from "../observations.fixture.ts";
import { hit, minRank } from "../readings.ts";
import { attackTwo } from "../studies/index.ts";
import { studyReport } from "./markdown.ts";
import { boundText, effectText, estimateText, numberText } from "./numbers.ts";
import { plot } from "./plot.ts";
import { scaleOf, ticksOf } from "./scale.ts";

const hits: Quantity = { title: "Hit@10 <b>", unit: "share", attackerWants: "high" };
const epochs: Quantity = { title: "epochs", unit: "number", attackerWants: null };
const three = interval([0.8, 0.9, 1]);

describe("numbers", () => {
	test("show as many digits as their unit bears, and no minus before zero", () => {
		expect(numberText(0.12345)).toBe("0.123");
		expect(numberText(12.3456, "rank")).toBe("12.35");
		expect(numberText(-0.0001)).toBe("0.000");
	});
	test("come with half their interval, or with both its ends", () => {
		// Deviation .1, t 4.30265: .1 x 4.30265 / sqrt(3) = .2484.
		expect(estimateText(three)).toBe("0.900 ± 0.248");
		expect(estimateText(interval([0.5]))).toBe("0.500");
		expect(effectText(three)).toBe("0.900 (95 % interval 0.652 to 1.148, N = 3)");
		expect(boundText({ atLeast: -0.02, atMost: 0.02 })).toBe("at least -0.02 and at most 0.02");
	});
});

describe("scales", () => {
	test("map a domain to a range", () => expect(scaleOf([0, 2], [10, 30])(0.5)).toBe(15));
	test.each([
		[
			[0, 1],
			[0, 0.2, 0.4, 0.6, 0.8, 1],
		],
		[
			[0, 0.01],
			[0, 0.002, 0.004, 0.006, 0.008, 0.01],
		],
		[
			[-3, 21],
			[0, 5, 10, 15, 20],
		],
	] as const)("mark %o at round numbers", (domain, ticks) => expect(ticksOf(domain)).toEqual(ticks));
});

describe("plots", () => {
	const measured = { measured: three, published: {} };
	const figures: Exclude<Figure, { kind: "table" }>[] = [
		{ kind: "lines", x: epochs, y: hits, series: [{ name: "a", title: "a & b", points: [{ x: 1, y: three }] }] },
		{ kind: "bars", y: hits, groups: ["one"], series: [{ name: "a", title: "a & b", values: [measured] }] },
		{
			kind: "heat-map",
			x: { title: "B", values: ["cat"] },
			y: { title: "A", values: ["dog"] },
			value: hits,
			cells: [{ x: 0, y: 0, value: three }],
		},
		{ kind: "scatter", x: epochs, y: hits, points: [{ title: "one", group: "a & b", x: three, y: three }] },
		{
			kind: "histogram",
			x: epochs,
			minimum: 0,
			maximum: 1,
			series: [{ name: "a", title: "a & b", shares: [0.5, 0.5] }],
			marks: [{ title: "cut", x: 0.5 }],
		},
	];
	test.each(figures)("of $kind are well-formed, finite and always the same", (figure) => {
		const svg = plot(figure, 'A "title" & more');
		expect(svg).toBe(plot(figure, 'A "title" & more'));
		expect(svg).not.toMatch(/NaN|Infinity|undefined|<b>|& /);
		expect(svg.match(/<(\w+)[ >]/g)!.length).toBeGreaterThan(4);
	});
	test.each(["lines", "bars", "heat-map", "scatter", "histogram"] as const)(
		"of nothing are drawn as well: %s",
		(kind) => {
			const empty = {
				...figures.find((figure) => figure.kind === kind)!,
				series: [],
				cells: [],
				points: [],
				groups: [],
			};
			expect(plot(empty as (typeof figures)[number], "empty")).not.toMatch(/NaN|Infinity|undefined/);
		},
	);
});

test("a study's section has its question, its table with the paper's rows and its verdicts", () => {
	const observations = observeAll(attackTwo, ["clean", "poisoned"], (_, model, seed) => ({
		poisonShare: 0.01,
		numbers: {
			[hit(10)]: (model === "poisoned" ? 0.9 : 0) + seed / 100,
			[hit(10, { queries: "random" })]: 0.2,
			[minRank()]: 3,
			[minRank({ queries: "random" })]: 40,
		},
	}));
	const { markdown } = studyReport(attackTwo, { observations, setting: emoji, folder: "plots" });
	expect(markdown).toContain("## Table 4: Attack II: single target label");
	expect(markdown).toMatch(/\| class-A captions, poisoned model \| +\| +\| 0\.920 ± 0\.025 \| 3\.00 ± 0\.00 \|/);
	expect(markdown).toContain("| *paper, Flickr-PASCAL* | *0.280* | *0.864* | *0.936* | *2.19* |");
	expect(markdown).toContain("- **supported**: Class-A captions reach the target");
	expect(markdown).toContain("wanted at least 0.7");
});
