/** How far an area under the ROC curve can be trusted, from the counts of samples alone. */

/** Two-sided 5 % point of the normal distribution. */
const Z = 1.959964;

/** Hanley and McNeil's variance of an area, with Newcombe's common number in place of both counts less one. */
function variance(area: number, poisoned: number, clean: number): number {
	const others = (poisoned + clean) / 2 - 1;
	const spread = 1 + (others * (1 - area)) / (2 - area) + (others * area) / (1 + area);
	return (area * (1 - area) * spread) / (poisoned * clean);
}

/**
 * The 95 % interval of an AUROC by Newcombe's method 5 (Statistics in Medicine 25, 2006): all areas whose own spread
 * makes the observed one no surprise. Unlike a symmetric one it has a width at 1.
 * @returns null without samples of both kinds.
 */
export function aurocInterval(
	area: number,
	{ poisoned, clean }: { readonly poisoned: number; readonly clean: number },
): readonly [low: number, high: number] | null {
	if (poisoned === 0 || clean === 0) return null;
	const isWithin = (other: number) => (area - other) ** 2 <= Z * Z * variance(other, poisoned, clean);
	return [edge(area, 0, isWithin), edge(area, 1, isWithin)];
}

/** Where what holds at `from` ends on the way to `to`, by bisection. */
function edge(from: number, to: number, holds: (at: number) => boolean): number {
	let [inside, outside] = [from, to];
	for (let step = 0; step < 50; step++) {
		const middle = (inside + outside) / 2;
		if (holds(middle)) inside = middle;
		else outside = middle;
	}
	return inside;
}
