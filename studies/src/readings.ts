/** Reads numbers out of observations: of one model of one cell, over seeds, or paired between two. */
import type { Observation } from "./contract.ts";
import { type Interval, interval } from "./interval.ts";

export const HIT_AT = [1, 5, 10] as const;

type Direction = "text-to-image" | "image-to-text";

/** The engine's name of Hit@K; class-A captions on images of class B unless said otherwise. */
export const hit = (
	cutoff: number,
	{ direction = "text-to-image", queries = "attack" }: { direction?: Direction; queries?: "attack" | "random" } = {},
) => `${direction}/${queries}/hit@${cutoff}`;

/** As `hit`, of the mean zero-based rank of the best target. */
export const minRank = ({
	direction = "text-to-image",
	queries = "attack",
}: {
	direction?: Direction;
	queries?: "attack" | "random";
} = {}) => `${direction}/${queries}/min-rank-mean`;

/** Utility, Hit@10 over the whole test split: image to text (TR) and text to image (IR). */
export const TR = "image-to-text/r@10";
export const IR = "text-to-image/r@10";

/** A number by the engine's name, or anything else that an observation tells. */
export type Reading = string | ((observation: Observation) => number | null | undefined);

export interface Place {
	readonly cell: string;
	readonly model: string;
}

function read(observation: Observation, reading: Reading): number | null {
	return (typeof reading === "string" ? observation.numbers[reading] : reading(observation)) ?? null;
}

/** The number after training, by seed; seeds without it are left out. */
export function bySeed(
	observations: readonly Observation[],
	{ cell, model }: Place,
	reading: Reading,
): ReadonlyMap<number, number> {
	return new Map(
		observations.flatMap((one) => {
			if (one.cell !== cell || one.model !== model || one.step !== null) return [];
			const value = read(one, reading);
			return value === null ? [] : [[one.seed, value] as const];
		}),
	);
}

/** Mean and interval over seeds; null where nothing was measured. */
export function overSeeds(observations: readonly Observation[], place: Place, reading: Reading): Interval | null {
	const values = [...bySeed(observations, place, reading).values()];
	return values.length === 0 ? null : interval(values);
}

/** First less second for every seed that both have: the pairing over seeds. */
export function differences(first: ReadonlyMap<number, number>, second: ReadonlyMap<number, number>): number[] {
	return [...first].flatMap(([seed, value]) => {
		const other = second.get(seed);
		return other === undefined ? [] : [value - other];
	});
}

/** The number within training, by seed: where `share` of the steps were done; 0 is the base, 1 the finished model. */
export function bySeedAt(
	observations: readonly Observation[],
	{ cell, model, share }: Place & { readonly share: number },
	reading: Reading,
): ReadonlyMap<number, number> {
	if (share === 0) return bySeed(observations, { cell, model: "base" }, reading);
	if (share === 1) return bySeed(observations, { cell, model }, reading);
	return new Map(
		observations.flatMap((one) => {
			if (one.cell !== cell || one.model !== model || one.step === null || one.steps === null) return [];
			// Measurements fall on whole steps.
			if (Math.abs(one.step / one.steps - share) > 1 / one.steps) return [];
			const value = read(one, reading);
			return value === null ? [] : [[one.seed, value] as const];
		}),
	);
}
