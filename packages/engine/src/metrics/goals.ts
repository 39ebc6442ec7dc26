/** Ranks a goal's queries in both directions, beside a reference line of random queries against the same targets. */
import { MithridateError } from "../errors.ts";
import type { GoalRanking } from "../metric-types.ts";
import type { Random } from "../random.ts";
import { rankTargets } from "../ranking/rank.ts";
import type { EmbeddedSplit, Embeddings, Goal } from "../types.ts";

export interface GoalOptions {
	/** Ids of the samples, parallel to the rows of `embedded.images`. */
	readonly ids: readonly string[];
	/** Draws the random queries. */
	readonly random: Random;
	/** Random captions; as many as class A has where it is left out, and never more than there are. */
	readonly baselineCaptions?: number | undefined;
	/** Gallery items kept per query. */
	readonly depth: number;
}

/**
 * Text-to-image: all captions of class A against the target images, as in the paper. Image-to-text: the target images
 * against all captions of class A, the direction the paper leaves out. Where there is a patch, the targets carry it, and
 * all else in the gallery is as it was.
 */
export function rankGoal(goal: Goal, embedded: EmbeddedSplit, options: GoalOptions): GoalRanking[] {
	const { texts, captionOf, labels } = embedded;
	const targets = targetRows(goal, options.ids);
	const images = withStamped(embedded, targets);
	const captions = [...captionOf.keys()].filter((caption) => labels[captionOf[caption] as number] === goal.from);
	if (captions.length === 0)
		throw new MithridateError(
			"invalid-data",
			`No test caption is of class "${goal.from}", so the goal ${goal.from} to ${goal.to} cannot be evaluated. Choose a class that has some.`,
			{ subject: goal.from },
		);
	const random = options.random.split(`${goal.from}2${goal.to}`);
	const wanted = Math.min(options.baselineCaptions ?? captions.length, texts.count);
	const randomCaptions = random.split("captions").sample([...captionOf.keys()], wanted);
	const randomImages = random.split("images").sample(
		Array.from({ length: images.count }, (_, row) => row),
		targets.length,
	);
	const { depth } = options;
	const textToImage = (rows: readonly number[]) => ({
		goal,
		direction: "text-to-image" as const,
		rows: Int32Array.from(rows),
		...rankTargets(gather(texts, rows), images, { targets, depth }),
	});
	const imageToText = (rows: readonly number[]) => ({
		goal,
		direction: "image-to-text" as const,
		rows: Int32Array.from(rows),
		...rankTargets(gather(images, rows), texts, { targets: captions, depth }),
	});
	return [
		{ ...textToImage(captions), queries: "attack" },
		{ ...textToImage(randomCaptions), queries: "random" },
		{ ...imageToText(targets), queries: "attack" },
		{ ...imageToText(randomImages), queries: "random" },
	];
}

function targetRows(goal: Goal, ids: readonly string[]): number[] {
	const rows = new Map(ids.map((id, row) => [id, row]));
	const targets = goal.targets.map((id) => {
		const row = rows.get(id);
		if (row !== undefined) return row;
		throw new MithridateError(
			"invalid-data",
			`Target "${id}" is not in the test split. Evaluate on the data set version the attack was made on.`,
			{ subject: id },
		);
	});
	if (targets.length > 0) return targets;
	throw new MithridateError("invalid-data", `The goal ${goal.from} to ${goal.to} has no target image.`, {
		subject: goal.to,
	});
}

/** The images, those of `rows` stamped where there is a patch. */
function withStamped({ images, stamped }: EmbeddedSplit, rows: readonly number[]): Embeddings {
	if (stamped === undefined) return images;
	const { width } = images;
	const values = images.values.slice();
	for (const row of rows) values.set(stamped.values.subarray(row * width, (row + 1) * width), row * width);
	return { ...images, values };
}

function gather({ width, values }: Embeddings, rows: readonly number[]): Embeddings {
	const gathered = new Float32Array(rows.length * width);
	for (const [at, row] of rows.entries()) gathered.set(values.subarray(row * width, (row + 1) * width), at * width);
	return { count: rows.length, width, values: gathered };
}
