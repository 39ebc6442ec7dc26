/** Views of the run table as text: what is stored of them, and when two are the same. */

export interface SavedView {
	readonly name: string;
	/** Query string of the page, without its question mark. */
	readonly search: string;
}

/** Stored views; whatever else may have been put there counts as none. */
export function parseViews(text: string): readonly SavedView[] {
	try {
		const stored: unknown = JSON.parse(text);
		return Array.isArray(stored)
			? stored.filter(
					(one): one is SavedView =>
						typeof one === "object" && one !== null && typeof one.name === "string" && typeof one.search === "string",
				)
			: [];
	} catch {
		return [];
	}
}

/** What is ticked is work in hand and belongs to no view. */
export function withoutPassing(search: string): string {
	const parameters = new URLSearchParams(search);
	parameters.delete("sel");
	return parameters.toString();
}

/** Whether two query strings say the same, in whatever order. */
export function sameView(a: string, b: string): boolean {
	const told = (search: string) =>
		JSON.stringify([...new URLSearchParams(search)].sort(([x], [y]) => x.localeCompare(y)));
	return told(a) === told(b);
}
