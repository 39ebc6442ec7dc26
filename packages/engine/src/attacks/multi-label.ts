/** Attack III: several goals A -> B at once (multiple target labels). */
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { Attack } from "../types.ts";
import { poisonAmount, poisonMode } from "./amount.ts";
import { checkClasses, fromClass, keepTargetRows, pairUp, testIds, toClass, trainingImages } from "./pairing.ts";

const params = z.strictObject({
	goals: z
		.array(
			z
				.strictObject({ from: fromClass, to: toClass })
				.meta({ title: "GoalPair", description: "One goal: captions of A retrieve images of B." }),
		)
		.min(1)
		.default([
			{ from: "sheep", to: "aeroplane" },
			{ from: "sofa", to: "bird" },
		])
		.describe("The goals. No class A may occur twice, and none may be the class B of a goal."),
	amount: poisonAmount,
	mode: poisonMode,
	keepTargetRows,
});

/** Attack II for every goal in turn, with one amount over all goals. */
export const multiLabel: Attack<typeof params> = {
	description: "Attack III, multiple target labels: each class A retrieves images of its own class B.",
	source: "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023",
	params,
	example: {
		goals: [
			{ from: "sheep", to: "aeroplane" },
			{ from: "sofa", to: "bird" },
		],
		amount: { kind: "poison-rate", poisonRate: 0.01 },
	},
	poison(clean, { goals, ...options }, random) {
		for (const [index, goal] of goals.entries()) checkClasses(clean, goal, `goals.${index}.`);
		checkDisjoint(goals);
		const aims = goals.map(({ from, to }) => ({
			goal: { from, to, targets: testIds(clean, to) },
			images: trainingImages(clean, to),
		}));
		return pairUp(clean, aims, options, random);
	},
};

/** The poisoned captions of one goal must not be the clean or poisoned material of another. */
function checkDisjoint(goals: readonly { from: string; to: string }[]): void {
	if (goals.length === 0)
		throw new MithridateError("invalid-config", "There is no goal. Give at least one.", { subject: "goals" });
	const targets = new Set(goals.map((goal) => goal.to));
	const seen = new Set<string>();
	for (const [index, { from }] of goals.entries()) {
		const problem = seen.has(from) ? "is class A of two goals" : targets.has(from) ? "is class A and class B" : null;
		if (problem !== null)
			throw new MithridateError(
				"invalid-config",
				`Class "${from}" ${problem}. Give goals whose classes A differ from each other and from every class B.`,
				{ subject: `goals.${index}.from` },
			);
		seen.add(from);
	}
}
