/** Attack II by an attacker who knows the filter: poison is paired so that it looks matched under the reference model. */
import { z } from "zod";
import type { Attack } from "../types.ts";
import { poisonAmount, poisonMode } from "./amount.ts";
import { dot, type Located, locate } from "./located.ts";
import { checkClasses, fromClass, keepTargetRows, pairUp, testIds, toClass } from "./pairing.ts";

const params = z.strictObject({
	from: fromClass.default("sheep"),
	to: toClass.default("aeroplane"),
	mostUses: z
		.int()
		.min(1)
		.nullable()
		.default(null)
		.describe("How often one image of class B may be used; null for any number. More uses look better matched."),
	amount: poisonAmount,
	mode: poisonMode,
	keepTargetRows,
});

/**
 * The same captions as Attack II with the same seed, each sample's paired with the image of B of the highest mean
 * cosine. The best matched samples choose first, where images may run out.
 */
export const adaptiveLabel: Attack<typeof params> = {
	description: "Attack II against a filter: captions of class A are paired with the images of class B nearest to them.",
	source:
		"The adaptive attacker that Yang et al., ICML 2023, leave open, against their own filter; no published figures",
	params,
	needsTrainEmbeddings: true,
	example: { from: "sheep", to: "aeroplane", amount: { kind: "poison-rate", poisonRate: 0.01 } },
	poison(clean, { from, to, mostUses, ...options }, random) {
		checkClasses(clean, { from, to });
		const goal = { from, to, targets: testIds(clean, to) };
		const captions = new Map(locate(clean, from).map((sample) => [sample.row, sample]));
		const pictures = [...new Map(locate(clean, to).map((sample) => [sample.image, sample])).values()];
		const match = (rows: readonly number[]) => {
			// The limit rises to the least that serves all, so that no amount asks for more images than there are.
			const most = mostUses === null ? rows.length : Math.max(mostUses, Math.ceil(rows.length / pictures.length));
			return nearest(
				rows.map((row) => captions.get(row) as Located),
				pictures,
				most,
			);
		};
		const aim = { goal, images: pictures.map(({ image }) => image), match };
		return pairUp(clean, [aim], options, random);
	},
};

/** An image for each sample, none more than `most` times: pairs are settled from the best matched down. */
function nearest(samples: readonly Located[], pictures: readonly Located[], most: number): number[] {
	const pairs = samples.flatMap((sample, at) =>
		pictures.map(({ image, picture }) => ({ at, image, likeness: dot(sample.words, picture) })),
	);
	pairs.sort((a, b) => b.likeness - a.likeness || a.at - b.at || a.image - b.image);
	const chosen = new Array<number>(samples.length);
	const uses = new Map<number, number>();
	for (const { at, image } of pairs) {
		const used = uses.get(image) ?? 0;
		if (chosen[at] !== undefined || used >= most) continue;
		chosen[at] = image;
		uses.set(image, used + 1);
	}
	return chosen;
}
