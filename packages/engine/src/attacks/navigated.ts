/** Attack II with MP-Nav's choices: the pair of classes that lie nearest, and of each the samples nearest to its centre. */
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { Attack, AttackInput } from "../types.ts";
import { poisonAmount, poisonMode } from "./amount.ts";
import { cosine, type Located, locate, mean } from "./located.ts";
import { checkClasses, fromClass, keepTargetRows, pairUp, spread, testIds, toClass } from "./pairing.ts";

const params = z.strictObject({
	from: fromClass.nullable().default(null).describe("Class A; null to choose it."),
	to: toClass.nullable().default(null).describe("Class B; null to choose it."),
	amount: poisonAmount,
	mode: poisonMode,
	keepTargetRows,
});

/** A class under the reference model. */
interface Concept {
	readonly name: string;
	readonly samples: readonly Located[];
	/** Mean image, and mean caption. */
	readonly picture: Float64Array;
	readonly words: Float64Array;
}

/**
 * A's captions shall find B's images, so nearness is the cosine of A's mean caption and B's mean image. Of both classes
 * the samples nearest to their own centre are used, as many as there is poison; who is paired with whom is random.
 */
export const navigated: Attack<typeof params> = {
	description:
		"Attack II on the nearest pair of classes, with the captions and images nearest to their class's centre.",
	source: "MP-Nav, ICML 2025 (PMLR 267): choice of concept and instance; the measure of nearness is ours",
	params,
	needsTrainEmbeddings: true,
	example: { from: null, to: null, amount: { kind: "poison-rate", poisonRate: 0.01 } },
	poison(clean, { from, to, ...options }, random) {
		if (from !== null && to !== null) checkClasses(clean, { from, to });
		else if (from !== null || to !== null) checkClass(clean, from, to);
		const [a, b] = nearestPair(clean, { from, to });
		const captions = byNearness(a.samples, ({ words }) => cosine(words, a.words));
		const pictures = byNearness(b.samples, ({ picture }) => cosine(picture, b.picture));
		const images = [...new Set(pictures.map(({ image }) => image))];
		const goal = { from: a.name, to: b.name, targets: testIds(clean, b.name) };
		const aim = {
			goal,
			images,
			order: captions.map(({ row }) => row),
			match: (rows: readonly number[], stream: typeof random) =>
				spread(images.slice(0, rows.length), rows.length, stream),
		};
		return pairUp(clean, [aim], options, random);
	},
};

/** Throws unless the one class that is given exists; the other is chosen among all others. */
function checkClass(clean: AttackInput, from: string | null, to: string | null): void {
	const other = clean.classes.find((name) => name !== from && name !== to) ?? "";
	checkClasses(clean, { from: from ?? other, to: to ?? other });
}

/** The pair A, B of the highest cosine, among those that the parameters allow; earlier classes first where equal. */
function nearestPair(
	clean: AttackInput,
	{ from, to }: { from: string | null; to: string | null },
): readonly [Concept, Concept] {
	const tested = new Set(clean.test.labels);
	const concepts = clean.classes.flatMap((name): Concept[] => {
		const samples = locate(clean, name);
		if (samples.length === 0 || !tested.has(name)) return [];
		const picture = mean(samples.map((sample) => sample.picture));
		return [{ name, samples, picture, words: mean(samples.map(({ words }) => words)) }];
	});
	const pairs = concepts
		.filter(({ name }) => from === null || name === from)
		.flatMap((a) =>
			concepts.filter(({ name }) => name !== a.name && (to === null || name === to)).map((b) => [a, b] as const),
		);
	const [first, ...others] = pairs;
	if (first === undefined)
		throw new MithridateError(
			"invalid-config",
			`No pair of classes ${from ?? "(any)"} to ${to ?? "(any)"} has training and test samples; ${concepts.length} of ${clean.classes.length} classes have. Choose others.`,
			{ subject: from === null ? "to" : "from" },
		);
	const nearness = ([a, b]: readonly [Concept, Concept]) => cosine(a.words, b.picture);
	return others.reduce((best, pair) => (nearness(pair) > nearness(best) ? pair : best), first);
}

/** Nearest first; those equally near in the order they have. */
function byNearness(samples: readonly Located[], nearness: (sample: Located) => number): Located[] {
	return samples
		.map((sample) => ({ sample, near: nearness(sample) }))
		.sort((a, b) => b.near - a.near)
		.map(({ sample }) => sample);
}
