/** Class purity: whether the first item retrieved is at least of the query's class. */
import type { Direction, Metric, MetricInput } from "../metric-types.ts";

/** Share of the labelled queries whose first item is of their class; null where no query is labelled. */
export function topClassShare({ embedded, own }: MetricInput, direction: Direction): number | null {
	const { labels, captionOf } = embedded;
	const textLabel = (row: number) => labels[captionOf[row] as number] ?? null;
	const imageLabel = (row: number) => labels[row] ?? null;
	const [queryLabel, itemLabel] = direction === "text-to-image" ? [textLabel, imageLabel] : [imageLabel, textLabel];
	const { nearest, depth, ranks } = own[direction];
	let labelled = 0;
	let pure = 0;
	for (let query = 0; query < ranks.length; query++) {
		const label = queryLabel(query);
		if (label === null || depth === 0) continue;
		labelled++;
		if (itemLabel(nearest[query * depth] as number) === label) pure++;
	}
	return labelled === 0 ? null : pure / labelled;
}

/** `text-to-image/top-class` and `image-to-text/top-class`. */
export const classPurity: Metric = {
	description: "Share of queries whose first retrieved item is of the query's class.",
	source: "Zero-shot top-1 accuracy, with test images or captions in place of class prompts",
	unit: "share",
	measure: (input) =>
		Object.fromEntries(
			(["text-to-image", "image-to-text"] as const).flatMap((direction) => {
				const share = topClassShare(input, direction);
				return share === null ? [] : [[`${direction}/top-class`, share]];
			}),
		),
};
