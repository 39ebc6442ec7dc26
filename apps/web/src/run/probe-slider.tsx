"use client";
/** A slider over the measurements within training; it follows the step cursor of the page's charts, and moves it. */
import { useEffect } from "react";
import { useSharedView, useView } from "../charts/view.ts";
import { formatWhole } from "../ui/format.ts";
import { useParameter } from "../url.ts";
import css from "./retrieval.module.css";

/** The step that is looked at: under the cursor, else as the address says; null for after training. */
export function useChosenStep(): number | null {
	const cursor = useView((view) => view.step);
	const [text] = useParameter("step");
	return cursor ?? (/^\d+$/.test(text) ? Number(text) : null);
}

export function ProbeSlider({ steps }: { readonly steps: readonly number[] }) {
	const shared = useSharedView();
	const step = useChosenStep();
	const [, keep] = useParameter("step");
	// A cursor that is left behind on another tab would hold the gallery at its step.
	useEffect(() => () => shared.set({ step: null }), [shared]);
	if (steps.length === 0) return null;
	const at = step === null ? steps.length : steps.findLastIndex((one) => one <= step);
	const choose = (place: number) => {
		const next = steps[place] ?? null;
		keep(next === null ? null : String(next));
		shared.set({ step: next });
	};
	const words = step === null ? "after training" : `step ${formatWhole(Math.round(step))}`;
	return (
		<label className={css.slider}>
			<span>Measured at</span>
			<input
				type="range"
				min={0}
				max={steps.length}
				step={1}
				value={Math.max(0, at)}
				aria-valuetext={words}
				onChange={(event) => choose(Number(event.target.value))}
			/>
			<output>{words}</output>
		</label>
	);
}
