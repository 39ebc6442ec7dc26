"use client";
/** The controls that all linked charts of a page share. */
import { Button } from "../ui/button.tsx";
import { formatWhole } from "../ui/format.ts";
import css from "./charts.module.css";
import { useSharedView, useView } from "./view.ts";

export function ViewControls() {
	const shared = useSharedView();
	const smoothing = useView((view) => view.smoothing);
	const isLogarithmic = useView((view) => view.isLogarithmic);
	const range = useView((view) => view.range);
	return (
		<div className={css.controls}>
			<label>
				Smoothing
				<input
					type="range"
					min={0}
					max={0.99}
					step={0.01}
					value={smoothing}
					onChange={(event) => shared.set({ smoothing: Number(event.target.value) })}
				/>
				<output>{smoothing.toFixed(2)}</output>
			</label>
			<label>
				<input
					type="checkbox"
					checked={isLogarithmic}
					onChange={(event) => shared.set({ isLogarithmic: event.target.checked })}
				/>
				Logarithmic
			</label>
			{range ? (
				<Button icon="close" onClick={() => shared.set({ range: null })}>
					Steps {formatWhole(Math.round(range[0]))} to {formatWhole(Math.round(range[1]))}
				</Button>
			) : (
				<span className={css.method}>Drag across a chart to zoom, double-click to go back.</span>
			)}
		</div>
	);
}
