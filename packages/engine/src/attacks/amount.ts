/** How much to poison: one parameter that takes a poisoning rate, a share of class A or a count, and turns it into counts. */
import { z } from "zod";
import { MithridateError } from "../errors.ts";

/** Amount of poison. All goals of an attack share one amount, divided in proportion to the sizes of their classes A. */
export const poisonAmount = z
	.discriminatedUnion("kind", [
		z.strictObject({
			kind: z.literal("poison-rate").describe("Measure the poison against all training pairs."),
			poisonRate: z
				.number()
				.min(0)
				.max(1)
				.default(0.01)
				.describe("Poisoned share of all training pairs after the attack: the paper's phi = |P| / |D|."),
		}),
		z.strictObject({
			kind: z.literal("class-share").describe("Measure the poison against class A."),
			classShare: z
				.number()
				.min(0)
				.max(1)
				.default(1)
				.describe("Share of each class A's training samples that is poisoned; 1 is the paper's Flickr-PASCAL setting."),
		}),
		z.strictObject({
			kind: z.literal("count").describe("Count poisoned samples."),
			count: z.int().min(0).default(25).describe("Poisoned samples (one image with its captions) over all goals."),
		}),
	])
	.default({ kind: "poison-rate", poisonRate: 0.01 })
	.meta({ title: "PoisonAmount", description: "How many training samples are poisoned." });

export type PoisonAmount = z.output<typeof poisonAmount>;

/** Whether poison takes the place of class A's clean pairs, as the paper's code does, or comes on top, as its text says. */
export const poisonMode = z.enum(["replace", "inject"]).default("replace").meta({
	title: "PoisonMode",
	description: "replace: poisoned samples lose their true image. inject: they are added and the clean ones stay.",
});

export type PoisonMode = z.output<typeof poisonMode>;

/** What an amount is measured against. */
export interface Stock {
	/** Class A of each goal. */
	readonly names: readonly string[];
	/** Training samples in class A of each goal. */
	readonly sizes: readonly number[];
	/** Training samples in all, before the attack. */
	readonly all: number;
	readonly mode: PoisonMode;
}

/** Poisoned samples of each goal, parallel to `stock.sizes`. */
export function poisonCounts(amount: PoisonAmount, stock: Stock): number[] {
	const held = stock.sizes.reduce((sum, size) => sum + size, 0);
	const { field, value, limit } = measured(amount, stock, held);
	const names = stock.names.map((name) => `"${name}"`).join(" and ");
	if (!Number.isFinite(value) || value < 0)
		throw invalid(field, `${field} is ${value}; give a number from 0 to ${limit}.`);
	const counts =
		amount.kind === "class-share"
			? stock.sizes.map((size) => Math.round(value * size))
			: divide(total(amount, stock), stock.sizes);
	if (counts.some((count, goal) => count > (stock.sizes[goal] ?? 0)))
		throw invalid(
			field,
			`${field} ${value} asks for more poison than there is: class ${names} holds ${held} of ${stock.all} training samples. ` +
				`Give at most ${limit}, or choose a larger class.`,
		);
	const bare = counts.indexOf(0);
	if (value > 0 && bare >= 0)
		throw invalid(
			field,
			`${field} ${value} leaves class "${stock.names[bare]}" (${stock.sizes[bare]} of ${stock.all} training samples) without poison. ` +
				`Raise it (the limit is ${limit}), or give 0 for no poison at all.`,
		);
	return counts;
}

function measured(amount: PoisonAmount, stock: Stock, held: number): { field: string; value: number; limit: number } {
	if (amount.kind === "count") return { field: "amount.count", value: amount.count, limit: held };
	if (amount.kind === "class-share") return { field: "amount.classShare", value: amount.classShare, limit: 1 };
	const after = stock.mode === "inject" ? stock.all + held : stock.all;
	const limit = Math.floor((held / Math.max(after, 1)) * 1e6) / 1e6;
	return { field: "amount.poisonRate", value: amount.poisonRate, limit };
}

/** phi = n / |D| with |D| unchanged by replacing and grown by n by injecting. */
function total(amount: Exclude<PoisonAmount, { kind: "class-share" }>, stock: Stock): number {
	if (amount.kind === "count") return Math.round(amount.count);
	const share = stock.mode === "inject" ? amount.poisonRate / (1 - amount.poisonRate) : amount.poisonRate;
	return Math.round(share * stock.all);
}

/** Splits `total` in proportion to `sizes` by largest remainder; equal remainders go to the earlier goal. More than `sizes` hold shows in the result. */
function divide(total: number, sizes: readonly number[]): number[] {
	const held = sizes.reduce((sum, size) => sum + size, 0);
	const quotas = sizes.map((size) => (held === 0 ? 0 : (total * size) / held));
	const counts = quotas.map(Math.floor);
	const missing = total - counts.reduce((sum, count) => sum + count, 0);
	const byRemainder = quotas
		.map((quota, goal) => ({ goal, remainder: quota - Math.floor(quota) }))
		.sort((a, b) => b.remainder - a.remainder || a.goal - b.goal);
	for (const { goal } of byRemainder.slice(0, missing)) counts[goal] = (counts[goal] ?? 0) + 1;
	return counts;
}

function invalid(subject: string, message: string): MithridateError {
	return new MithridateError("invalid-config", message, { subject });
}
