/** Which runs of the table are selected. */

/** As many as Compare takes. */
export const mostSelected = 8;

/** Takes a run away, or adds it; what was selected first makes room. */
export function toggled(selected: readonly string[], number: string): readonly string[] {
	return selected.includes(number)
		? selected.filter((one) => one !== number)
		: [...selected, number].slice(-mostSelected);
}

/** Adds all runs from the one selected last to `to`, in the table's order and as many as fit, counted from there. */
export function selectedTo(selected: readonly string[], to: string, rows: readonly string[]): readonly string[] {
	const [from, until] = [rows.indexOf(selected.at(-1) ?? ""), rows.indexOf(to)];
	if (until < 0) return selected;
	if (from < 0) return toggled(selected, to);
	const between = from <= until ? rows.slice(from, until + 1) : rows.slice(until, from + 1).toReversed();
	const added = between.filter((number) => !selected.includes(number));
	return [...selected, ...added].slice(0, mostSelected);
}
