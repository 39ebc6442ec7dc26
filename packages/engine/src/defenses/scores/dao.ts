/** Dimensionality-aware outlier score: SLOF's ratios, each weighed by how many dimensions the neighbour's surroundings have. */
import { z } from "zod";
import { findNeighbourhoods, kDistances, type Neighbourhoods, neighbours } from "./neighbourhoods.ts";
import type { PairScore } from "./pair-score.ts";

const params = z.strictObject({
	kind: z
		.literal("dao")
		.describe(
			"Dimensionality-aware outlier score: log ratio of k-distances, weighed by the neighbours' local dimension.",
		),
	k: neighbours,
});

/**
 * Mean over the neighbours o of LID(o) x ln(k-distance(image) / k-distance(o)): the logarithm of the density ratio, as
 * the authors' code has it.
 */
export const dao: PairScore<typeof params> = {
	source: "Anderberg et al., SDM 2024; on CLIP's poison Huang et al., ICLR 2025",
	params,
	isAbsolute: false,
	async *measure(input, { k }) {
		const found = yield* findNeighbourhoods(input, k);
		const reach = kDistances(found);
		const dimensions = localDimensions(found);
		return reach.map((own, row) => {
			let sum = 0;
			for (let at = row * k; at < (row + 1) * k; at++) {
				const other = found.rows[at]!;
				sum += dimensions[other]! * Math.log(own / reach[other]!);
			}
			return sum / k;
		});
	},
};

/**
 * Local intrinsic dimension by maximum likelihood (Amsaleg et al. 2015): -1 over the mean of ln(d_i / d_k). Neighbours
 * all at one distance would make it infinite; the embedding's width bounds it.
 */
function localDimensions({ count, k, width, distances }: Neighbourhoods): Float64Array {
	return Float64Array.from({ length: count }, (_, row) => {
		const farthest = distances[(row + 1) * k - 1]!;
		let sum = 0;
		for (let at = row * k; at < (row + 1) * k; at++) sum += Math.log(distances[at]! / farthest);
		return sum < 0 ? Math.min(width, -k / sum) : width;
	});
}
