/** Re-pairs captions of class A with images of class B: what the paper's attacks have in common. */
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { Random } from "../random.ts";
import type { AttackInput, Edit, Goal, Poisoning, Split } from "../types.ts";
import { type PoisonAmount, type PoisonMode, poisonCounts } from "./amount.ts";

/** Class A: the one whose captions are misled. Forms offer the data set's classes where `isClass` is set. */
export const fromClass = z
	.string()
	.meta({ isClass: true, description: "Class A: its captions shall retrieve the target." });

/** Class B: the one whose images are retrieved instead. */
export const toClass = z.string().meta({ isClass: true, description: "Class B: its images are the target." });

/** Whether the poison's images leave their own place. */
export const keepTargetRows = z
	.boolean()
	.default(true)
	.describe("Whether class B's training pairs stay in place when their image is used as poison.");

/** One goal, and the images its poisoned captions are paired with. */
export interface Aim {
	readonly goal: Goal;
	/** Rows of the image store, without repeats. */
	readonly images: readonly number[];
	/** Class-A rows of the training split in the order they are poisoned; at random where it is left out. */
	readonly order?: readonly number[];
	/** An image for each of these training rows; `images` spread evenly and at random where it is left out. */
	match?(rows: readonly number[], random: Random): readonly number[];
}

export interface PairingOptions {
	readonly amount: PoisonAmount;
	readonly mode: PoisonMode;
	/** Whether class-B training samples keep their place when their image is used as poison. */
	readonly keepTargetRows: boolean;
	/** Whether the attack's patch is stamped on the images. */
	readonly isStamped?: true;
}

/**
 * Poisons class A of every aim with its images. A larger amount extends a smaller one: the samples that are
 * poisoned at a lower rate are poisoned at a higher rate too.
 */
export function pairUp(clean: AttackInput, aims: readonly Aim[], options: PairingOptions, random: Random): Poisoning {
	const { train } = clean;
	const stock = aims.map(({ goal }) => membersOf(train, goal.from, "training", "from"));
	const counts = poisonCounts(options.amount, {
		names: aims.map(({ goal }) => goal.from),
		sizes: stock.map((rows) => rows.length),
		all: train.samples.length,
		mode: options.mode,
	});
	const taken = new Set(train.samples.map((sample) => sample.id));
	const edits: Edit[] = [];
	const poisoned = new Set<string>();
	const used = new Map<string, Set<number>>();
	for (const [index, { goal, images: pool, order, match }] of aims.entries()) {
		const stream = random.split(`${goal.from}2${goal.to}`);
		const count = counts[index] as number;
		const chosen = order?.slice(0, count) ?? stream.split("captions").sample(stock[index] as number[], count);
		const rows = chosen.toSorted((a, b) => a - b);
		const partners = match?.(rows, stream.split("images")) ?? spread(pool, count, stream.split("images"));
		for (const [at, row] of rows.entries()) {
			const edit = editOf(train, row, { ...options, image: partners[at] as number, taken });
			edits.push(edit);
			poisoned.add(edit.kind === "inject" ? edit.sample.id : edit.sample);
		}
		const images = used.get(goal.to) ?? new Set<number>();
		for (const partner of partners) images.add(partner);
		used.set(goal.to, images);
	}
	if (!options.keepTargetRows) edits.push(...drops(train, used));
	return { edits, goals: aims.map(({ goal }) => goal), poisoned };
}

/** Rows of a split that are labelled `name`; a class without any is an error. */
export function membersOf(split: Split, name: string, what: string, subject: string): number[] {
	const rows = split.labels.flatMap((label, row) => (label === name ? [row] : []));
	if (rows.length > 0) return rows;
	throw new MithridateError(
		"invalid-config",
		`Class "${name}" has no sample in the ${what} data. Choose a class that has some.`,
		{ subject },
	);
}

/** Ids of the test samples of a class, in gallery order. */
export function testIds(clean: AttackInput, name: string): string[] {
	return membersOf(clean.test, name, "test", "to").map((row) => clean.test.samples[row]?.id as string);
}

/** Different image rows of a class's training samples. */
export function trainingImages(clean: AttackInput, name: string): number[] {
	const rows = membersOf(clean.train, name, "training", "to");
	return [...new Set(rows.map((row) => clean.train.samples[row]?.image as number))];
}

/** Throws unless every class exists and each A differs from its B; `path` names the field that holds the pair. */
export function checkClasses(clean: AttackInput, pair: { from: string; to: string }, path = ""): void {
	for (const field of ["from", "to"] as const) {
		if (clean.classes.includes(pair[field])) continue;
		throw new MithridateError(
			"invalid-config",
			`There is no class "${pair[field]}". Choose one of: ${clean.classes.join(", ")}.`,
			{ subject: `${path}${field}` },
		);
	}
	if (pair.from === pair.to)
		throw new MithridateError(
			"invalid-config",
			`Class "${pair.from}" is both A and B. Choose two different classes: captions of A are paired with images of B.`,
			{ subject: `${path}to` },
		);
}

/** `count` images in random order, each used floor or ceil of count / images.length times (the paper's code, Attack II). */
export function spread(images: readonly number[], count: number, random: Random): number[] {
	const rounds = Math.floor(count / images.length);
	const whole = Array.from({ length: rounds }, () => images).flat();
	return random.shuffle([...whole, ...random.sample(images, count % images.length)]);
}

function editOf(
	train: Split,
	row: number,
	change: Pick<PairingOptions, "mode" | "isStamped"> & { image: number; taken: Set<string> },
): Exclude<Edit, { kind: "drop" }> {
	const source = train.samples[row];
	if (source === undefined) throw new RangeError(`row ${row} of ${train.samples.length}`);
	const stamped = change.isStamped && { isStamped: change.isStamped };
	if (change.mode === "replace")
		return { kind: "replace-image", sample: source.id, before: source.image, after: change.image, ...stamped };
	const id = freshId(source.id, change.taken);
	return {
		kind: "inject",
		sample: { id, image: change.image, captions: source.captions },
		label: train.labels[row] ?? null,
		...stamped,
	};
}

/** The id of an added sample: numbered after its source, and saying nothing of why it was added. */
function freshId(source: string, taken: Set<string>): string {
	let number = 2;
	while (taken.has(`${source}.${number}`)) number++;
	const id = `${source}.${number}`;
	taken.add(id);
	return id;
}

function drops(train: Split, used: ReadonlyMap<string, ReadonlySet<number>>): Edit[] {
	return train.samples.flatMap((sample, row) =>
		used.get(train.labels[row] ?? "")?.has(sample.image) ? [{ kind: "drop" as const, sample: sample.id }] : [],
	);
}
