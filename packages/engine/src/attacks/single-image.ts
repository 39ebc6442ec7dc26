/** Attack I: captions of class A shall retrieve one chosen image of class B (single target image). */
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { Random } from "../random.ts";
import type { Attack, AttackInput, Sample } from "../types.ts";
import { poisonAmount, poisonMode } from "./amount.ts";
import { checkClasses, fromClass, membersOf, pairUp, toClass } from "./pairing.ts";

const params = z.strictObject({
	from: fromClass.default("sheep"),
	to: toClass.default("aeroplane"),
	target: z
		.discriminatedUnion("kind", [
			z.strictObject({ kind: z.literal("random").describe("A test image of class B, drawn at random (the paper).") }),
			z.strictObject({
				kind: z.literal("centre").describe("The test image nearest to class B's mean embedding (the paper's code)."),
			}),
			z.strictObject({
				kind: z.literal("sample").describe("A given test image of class B."),
				sample: z.string().describe("Id of the test sample whose image is the target."),
			}),
		])
		.default({ kind: "random" })
		.meta({ title: "ImageTarget", description: "Which test image of class B is the target x*." }),
	amount: poisonAmount,
	mode: poisonMode,
});

/** Pairs captions of A with x*, an image of the test gallery: only there can it be retrieved. */
export const singleImage: Attack<typeof params> = {
	description: "Attack I, single target image: captions of class A retrieve one image of class B.",
	source: "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023",
	params,
	example: {
		from: "sheep",
		to: "aeroplane",
		target: { kind: "random" },
		amount: { kind: "poison-rate", poisonRate: 0.01 },
	},
	poison(clean, { from, to, target, amount, mode }, random) {
		checkClasses(clean, { from, to });
		const star = chooseTarget(clean, { to, target }, random.split("target"));
		const aim = { goal: { from, to, targets: [star.id] }, images: [star.image] };
		return pairUp(clean, [aim], { amount, mode, keepTargetRows: true }, random);
	},
};

type Choice = Pick<z.output<typeof params>, "to" | "target">;

function chooseTarget(clean: AttackInput, { to, target }: Choice, random: Random): Sample {
	const rows = membersOf(clean.test, to, "test", "to");
	if (target.kind === "random") return clean.test.samples[random.pick(rows)] as Sample;
	if (target.kind === "centre") return clean.test.samples[centreOf(rows, clean)] as Sample;
	const row = rows.find((row) => clean.test.samples[row]?.id === target.sample);
	if (row !== undefined) return clean.test.samples[row] as Sample;
	const known = rows.slice(0, 5).map((row) => clean.test.samples[row]?.id);
	throw new MithridateError(
		"invalid-config",
		`No test sample of class "${to}" has the id "${target.sample}". Choose one of its ${rows.length}, for instance ${known.join(", ")}.`,
		{ subject: "target.sample" },
	);
}

/** The row whose embedding has the largest dot product with the class mean; the lower row of equals. */
function centreOf(rows: readonly number[], { test, testEmbeddings: embeddings }: AttackInput): number {
	if (embeddings === undefined)
		throw new MithridateError(
			"invalid-config",
			'Target "centre" needs embeddings of the test gallery, and there are none. Give a reference model, or target "random".',
			{ subject: "target.kind" },
		);
	const { count, width, values } = embeddings;
	if (count !== test.samples.length)
		throw new RangeError(`${count} test embeddings for ${test.samples.length} test samples`);
	const mean = new Float64Array(width);
	for (const row of rows) for (let k = 0; k < width; k++) mean[k] = mean[k]! + values[row * width + k]!;
	let best = rows[0] as number;
	let highest = Number.NEGATIVE_INFINITY;
	for (const row of rows) {
		let dot = 0;
		for (let k = 0; k < width; k++) dot += mean[k]! * values[row * width + k]!;
		if (dot > highest) [best, highest] = [row, dot];
	}
	return best;
}
