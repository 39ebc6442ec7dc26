import { expect, it } from "vitest";
import { append, emptySeries, type Series } from "../live/series.ts";
import { metricPanels } from "./metric-panels.ts";

const one = (key: string): [string, Series] => [
	key,
	append(emptySeries(key), { step: 1, value: 1, nonFinite: null, seq: 1 }),
];

it("gives each metric one chart with its stages in the order of the models, known metrics first", () => {
	const panels = metricPanels(
		new Map([
			one("cured/loss"),
			one("poisoned/aardvark"),
			one("poisoned/loss"),
			["clean/loss", emptySeries("clean/loss")],
		]),
	);
	expect(panels.map(({ title, curves }) => [title, curves.map(({ model }) => model)])).toEqual([
		["Loss", ["poisoned", "cured"]],
		["aardvark", ["poisoned"]],
	]);
});
