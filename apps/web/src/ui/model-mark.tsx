/** A model's name with its line and marker: the legend that every chart, table and gallery shares. */
import { modelStyle } from "./models.ts";
import css from "./ui.module.css";

interface ModelMarkProps {
	readonly model: string;
	readonly label?: string;
	/** The marker without its line, where room is short. */
	readonly isShort?: boolean;
}

export function ModelMark({ model, label, isShort = false }: ModelMarkProps) {
	const { kind, dash, width, marker } = modelStyle(model);
	return (
		<span className={css.model} data-model={kind}>
			<svg width={isShort ? 12 : 28} height="12" viewBox={isShort ? "8 0 12 12" : "0 0 28 12"} aria-hidden="true">
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
