/** A model's name with its line and marker: the legend that every chart, table and gallery shares. */
import { modelStyle } from "./models.ts";
import css from "./ui.module.css";

export function ModelMark({ model, label }: { readonly model: string; readonly label?: string }) {
	const { kind, dash, width, marker } = modelStyle(model);
	return (
		<span className={css.model} data-model={kind}>
			<svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true">
				<line x1="0" x2="28" y1="6" y2="6" stroke="currentColor" strokeWidth={width} strokeDasharray={dash.join(" ")} />
				<path
					d={marker}
					transform="translate(14 6) scale(4)"
					fill="var(--surface)"
					stroke="currentColor"
					strokeWidth="0.4"
				/>
			</svg>
			<span>{label ?? model}</span>
		</span>
	);
}
