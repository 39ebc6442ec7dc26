"use client";
/** Every pair of two lists as a tinted square: who misleads whom. */
import { ModelMark } from "../ui/model-mark.tsx";
import { modelStyle } from "../ui/models.ts";
import css from "./charts.module.css";
import { ChartFrame } from "./frame.tsx";
import { useWidth } from "./use-width.ts";

export interface HeatCell {
	readonly row: string;
	readonly column: string;
	/** Between 0 and 1; null while there is no result. */
	readonly value: number | null;
	/** Where the cell leads. */
	readonly href?: string | undefined;
}

interface HeatMapProps {
	readonly title: string;
	readonly summary: string;
	readonly method?: string;
	readonly rows: readonly string[];
	readonly columns: readonly string[];
	readonly cells: readonly HeatCell[];
	readonly rowTitle: string;
	readonly columnTitle: string;
	/** The model whose hue tints the squares. */
	readonly model: string;
	readonly format: (value: number) => string;
}

const left = 92;
const top = 84;
const largest = 40;

/** Part of the hue in a square; never so strong that the number on it is hard to read. */
const strength = (value: number) => Math.round(6 + 64 * Math.min(1, Math.max(0, value)));

export function HeatMap(props: HeatMapProps) {
	const { title, summary, method, rows, columns, cells, rowTitle, columnTitle, model, format } = props;
	const [host, width] = useWidth<HTMLDivElement>();
	const side = Math.max(14, Math.min(largest, (width - left - 8) / Math.max(1, columns.length)));
	const drawn = Math.max(width, left + side * columns.length + 8);
	const height = top + side * rows.length + 8;
	const { hue } = modelStyle(model);
	const places = new Map(cells.map((cell) => [JSON.stringify([cell.row, cell.column]), cell]));
	const short = (value: number) => String(Math.round(100 * value));
	return (
		<ChartFrame
			title={title}
			summary={summary}
			method={method}
			table={() => ({
				columns: [rowTitle, columnTitle, model],
				rows: cells.map(({ row, column, value }) => [row, column, value]),
			})}
		>
			<ul className={css.legend}>
				<li>
					<ModelMark model={model} label={`${model}, from pale (0) to full (100 %)`} />
				</li>
			</ul>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
			<section ref={host} className={css.wide} tabIndex={0} aria-label={title}>
				<svg data-chart="" className={css.drawing} style={{ width: drawn }} width={drawn} height={height}>
					<title>{title}</title>
					{columns.map((column, at) => (
						<text
							key={column}
							transform={`translate(${left + side * (at + 0.5) + 4} ${top - 8}) rotate(-60)`}
							className={css.tick}
						>
							{column}
						</text>
					))}
					{rows.map((row, down) => (
						<g key={row}>
							<text x={left - 8} y={top + side * (down + 0.5) + 4} textAnchor="end" className={css.tick}>
								{row}
							</text>
							{columns.map((column, across) => {
								const cell = places.get(JSON.stringify([row, column]));
								const value = cell?.value ?? null;
								const square = (
									<rect
										x={left + side * across + 1}
										y={top + side * down + 1}
										width={side - 2}
										height={side - 2}
										rx={2}
										className={css.square}
										data-state={cell ? (value === null ? "open" : "done") : "none"}
										style={
											value === null
												? undefined
												: { fill: `color-mix(in srgb, var(${hue}) ${strength(value)}%, var(--surface))` }
										}
									>
										<title>{`${rowTitle} ${row}, ${columnTitle} ${column}: ${value === null ? (cell ? "no result yet" : "not planned") : format(value)}`}</title>
									</rect>
								);
								return (
									<g key={column}>
										{cell?.href ? <a href={cell.href}>{square}</a> : square}
										{value !== null && side >= 26 && (
											<text
												x={left + side * (across + 0.5)}
												y={top + side * (down + 0.5) + 4}
												textAnchor="middle"
												className={css.onSquare}
												data-strong={strength(value) > 48}
											>
												{short(value)}
											</text>
										)}
									</g>
								);
							})}
						</g>
					))}
					<text x={left - 8} y={top - 8} textAnchor="end" className={css.strong}>
						{rowTitle} ↓ {columnTitle} →
					</text>
				</svg>
			</section>
		</ChartFrame>
	);
}
