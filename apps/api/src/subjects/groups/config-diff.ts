/** Where configurations differ, leaf by leaf. */

export interface Difference {
	readonly path: string;
	/** JSON text of each configuration's value; null where it has none there. */
	readonly values: readonly (string | null)[];
}

/** The leaves that are not the same in all configurations, in the order they are first met. */
export function configDiff(configs: readonly object[]): Difference[] {
	const leaves = configs.map((config) => new Map(leavesOf(config, "")));
	const paths = new Set(leaves.flatMap((one) => [...one.keys()]));
	return [...paths].flatMap((path) => {
		const values = leaves.map((one) => one.get(path) ?? null);
		return new Set(values).size > 1 ? [{ path, values }] : [];
	});
}

function leavesOf(value: unknown, path: string): [string, string][] {
	if (value === null || typeof value !== "object" || isPlainList(value)) return [[path, JSON.stringify(value)]];
	return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === "" ? key : `${path}.${key}`));
}

/** Lists of numbers and words are one value; lists of objects are compared place by place. */
function isPlainList(value: object): boolean {
	return Array.isArray(value) && value.every((item) => item === null || typeof item !== "object");
}
