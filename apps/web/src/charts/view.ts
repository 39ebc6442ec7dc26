"use client";
/** What all charts and galleries of a page share: the range in view, the step under the cursor, the smoothing. */
import { createContext, use, useSyncExternalStore } from "react";
import { changeAddress } from "../url.ts";
import type { Interval } from "./scale.ts";

export interface View {
	/** First and last step in view; null for all of them, growing as new ones arrive. */
	readonly range: Interval | null;
	/** All steps that any chart of the page has; null where a chart stands alone. */
	readonly whole: Interval | null;
	/** The step under the cursor of any chart. */
	readonly step: number | null;
	/** Share that the moving average keeps of the past; 0 is none. */
	readonly smoothing: number;
	/** Whether values are on a logarithmic axis, where all of them are positive. */
	readonly isLogarithmic: boolean;
}

export interface SharedView {
	readonly get: () => View;
	readonly set: (change: Partial<View>) => void;
	readonly subscribe: (listener: () => void) => () => void;
}

/** Reads "100-250" as a range. */
function parseRange(text: string | null): Interval | null {
	const [from, to] = (text ?? "").split("-").map(Number);
	return from !== undefined && to !== undefined && to > from ? [from, to] : null;
}

/** A range in whole steps, at least one of them, as the address holds it: a copied one opens the same view. */
const inWholeSteps = ([from, to]: Interval): Interval => {
	const first = Math.round(from);
	return [first, Math.max(first + 1, Math.round(to))];
};

/** A view that starts as the address says, and writes what lasts (all but the cursor) back to it. */
export function createView(parameters: URLSearchParams): SharedView {
	let view: View = {
		range: parseRange(parameters.get("zoom")),
		whole: null,
		step: null,
		smoothing: Math.min(0.99, Math.max(0, Number(parameters.get("smooth") ?? 0) || 0)),
		isLogarithmic: parameters.has("log"),
	};
	const listeners = new Set<() => void>();
	let timer: ReturnType<typeof setTimeout> | undefined;
	const write = () =>
		changeAddress({
			zoom: view.range?.join("-") ?? null,
			smooth: view.smoothing === 0 ? null : String(view.smoothing),
			log: view.isLogarithmic ? "1" : null,
		});
	return {
		get: () => view,
		set(change) {
			const lasting = "range" in change || "smoothing" in change || "isLogarithmic" in change;
			view = { ...view, ...change, ...(change.range && { range: inWholeSteps(change.range) }) };
			for (const listener of listeners) listener();
			if (!lasting) return;
			clearTimeout(timer);
			// Browsers limit how often the address may change; a slider moves more often.
			timer = setTimeout(write, 150);
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

export const ViewContext = createContext<SharedView | null>(null);

export function useSharedView(): SharedView {
	const view = use(ViewContext);
	if (!view) throw new Error("A linked chart stands outside of a ViewContext.");
	return view;
}

/** One part of the view; the component is drawn anew only when that part changes. */
export function useView<Part>(part: (view: View) => Part): Part {
	const shared = useSharedView();
	const get = () => part(shared.get());
	return useSyncExternalStore(shared.subscribe, get, get);
}
