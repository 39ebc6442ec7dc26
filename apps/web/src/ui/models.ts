/** How each model is told from the others, everywhere: hue, dash, marker and weight. */

export type ModelKind = "base" | "clean" | "poisoned" | "filtered" | "cured";

export interface ModelStyle {
	readonly kind: ModelKind;
	/** The custom property of the hue. */
	readonly hue: `--${ModelKind}`;
	/** Lengths of strokes and gaps in pixels; empty for a whole line. */
	readonly dash: readonly number[];
	readonly width: number;
	/** Drawn within -1 to 1. */
	readonly marker: string;
}

const styles: Readonly<Record<ModelKind, ModelStyle>> = {
	base: { kind: "base", hue: "--base", dash: [1.5, 3], width: 1.5, marker: "M-.8-.8.8.8M.8-.8-.8.8" },
	clean: { kind: "clean", hue: "--clean", dash: [], width: 1.5, marker: "M-.9 0a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0z" },
	poisoned: { kind: "poisoned", hue: "--poisoned", dash: [], width: 2.5, marker: "M0-1 1 .8H-1z" },
	filtered: { kind: "filtered", hue: "--filtered", dash: [9, 4], width: 1.75, marker: "M-.8-.8H.8V.8H-.8z" },
	cured: { kind: "cured", hue: "--cured", dash: [9, 3, 2, 3], width: 1.75, marker: "M0-1.1 1.1 0 0 1.1-1.1 0z" },
};

export const modelKinds = Object.keys(styles) as readonly ModelKind[];

/**
 * The style of a model or stage by its name: "filter", "filtered" and "filter-2" are all filtered ones, and so is what any
 * defense before training makes; what one after training makes counts as cured.
 */
export function modelStyle(name: string): ModelStyle {
	const word = name.toLowerCase();
	if (/^(safe|ro)-?clip/.test(word)) return styles.filtered;
	if (/^clean-?clip/.test(word)) return styles.cured;
	if (word.startsWith("clean")) return styles.clean;
	if (word.startsWith("poison") || word.startsWith("victim")) return styles.poisoned;
	if (word.startsWith("filter")) return styles.filtered;
	if (word.startsWith("cure")) return styles.cured;
	return styles.base;
}
