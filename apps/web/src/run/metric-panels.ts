/** Which series share a chart, in which order, under which name. */
import type { Curve } from "../charts/plot.ts";
import type { Series } from "../live/series.ts";
import { formatNumber, formatRank, formatShare } from "../ui/format.ts";
import { modelKinds, modelStyle } from "../ui/models.ts";

/** How a metric's values are written: recall and hit rates are shares. */
export const metricFormat = (name: string) =>
	name.includes("@") ? formatShare : name === "minRank" ? formatRank : formatNumber;

export interface MetricPanel {
	readonly format: (value: number) => string;
	readonly title: string;
	readonly curves: readonly Curve[];
}

/** What is asked first stands first; what is not named here follows in the order of the alphabet. */
const titles: Readonly<Record<string, string>> = {
	loss: "Loss",
	"hit@10": "Hit@10",
	minRank: "MinRank",
	"imageRecall@10": "Image retrieval, recall at 10",
	"textRecall@10": "Text retrieval, recall at 10",
	logitScale: "Logit scale (1 / temperature)",
	learningRate: "Learning rate",
	gradientNorm: "Norm of the gradient",
};

export const metricTitle = (name: string) => titles[name] ?? name;

const order = Object.keys(titles);
const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
const place = (model: string) => modelKinds.indexOf(modelStyle(model).kind);

/** Keys are `<stage>/<metric>`; the stages of one metric share a chart, each in its model's look. */
export function metricPanels(series: ReadonlyMap<string, Series>): readonly MetricPanel[] {
	const filled = [...series.values()].filter(({ length }) => length > 0);
	const groups = Map.groupBy(filled, ({ key }) => key.slice(key.indexOf("/") + 1));
	return [...groups]
		.sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
		.map(([name, members]) => ({
			title: metricTitle(name),
			format: metricFormat(name),
			curves: members
				.map((one) => ({ model: one.key.slice(0, Math.max(0, one.key.indexOf("/"))), series: one }))
				.sort((a, b) => place(a.model) - place(b.model)),
		}));
}
