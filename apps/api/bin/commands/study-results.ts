/** A study's figures and verdicts on a terminal: tables as tables, curves and bars as columns of numbers. */
import type { StudyResults, StudyVerdict, StudyView } from "@mithridate/client";
import Table from "cli-table3";

type Figure = StudyView["figure"];
type Estimate = { readonly mean: number; readonly high: number | null };

/** Digits after the point, by unit. */
const places: Readonly<Record<string, number>> = { SHARE: 3, RANK: 2, DISTANCE: 4, COUNT: 1 };

const numberText = (value: number, unit: string) => value.toFixed(places[unit] ?? 3);

/** Mean, and half of the 95 % interval over seeds where there is one. */
function estimateText(value: Estimate | null | undefined, unit: string): string {
	if (value == null) return "";
	const mean = numberText(value.mean, unit);
	return value.high === null ? mean : `${mean} ± ${numberText(value.high - value.mean, unit)}`;
}

/** Everything measured so far as text. */
export function resultsText({ name, question, views, verdicts }: StudyResults): string {
	const shown = views.map(({ title, figure }) => `${title}\n${figureText(figure)}`);
	return [name, question, ...shown, verdicts.map(verdictText).join("\n")].filter(Boolean).join("\n\n");
}

function figureText(figure: Figure): string {
	switch (figure.__typename) {
		case "TableFigure": {
			const { columns, rows } = figure;
			return table(
				["", ...columns.map(({ title }) => title)],
				rows.flatMap(withPublished(columns.map(({ unit }) => unit))),
			);
		}
		case "BarsFigure": {
			const { groups, series, y } = figure;
			return table([y.title, ...groups], series.flatMap(withPublished(groups.map(() => y.unit))));
		}
		case "LinesFigure": {
			const { x, y, series } = figure;
			const steps = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))].sort((a, b) => a - b);
			const at = (step: number) =>
				series.map(({ points }) => estimateText(points.find((point) => point.x === step)?.y, y.unit));
			return table(
				[`${y.title} by ${x.title}`, ...series.map(({ title }) => title)],
				steps.map((step) => [String(step), ...at(step)]),
			);
		}
		case "ScatterFigure": {
			const { x, y, points } = figure;
			const row = ({ title, x: at, y: above }: (typeof points)[number]) => [
				title,
				estimateText(at, x.unit),
				estimateText(above, y.unit),
			];
			return table(["", x.title, y.title], points.map(row));
		}
		default:
			return "A picture: see it on the dashboard, or its numbers with --json.";
	}
}

type Row = Extract<Figure, { __typename: "TableFigure" }>["rows"][number];

/** A row of ours, and under it a row for each of the paper's data sets. */
const withPublished =
	(units: readonly string[]) =>
	({ title, values }: Row): string[][] => {
		const datasets = [...new Set(values.flatMap(({ published }) => published.map(({ dataset }) => dataset)))];
		const of = ({ published }: Row["values"][number], dataset: string, at: number) => {
			const found = published.find((one) => one.dataset === dataset);
			return found ? numberText(found.value, units[at] ?? "") : "";
		};
		return [
			[title, ...values.map(({ measured }, at) => estimateText(measured, units[at] ?? ""))],
			...datasets.map((dataset) => [
				`  paper, ${dataset.toLowerCase().replace("_", "-")}`,
				...values.map((value, at) => of(value, dataset, at)),
			]),
		];
	};

function table(head: readonly string[], rows: readonly string[][]): string {
	const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
	drawn.push(...rows);
	return drawn.toString();
}

function verdictText({ claim, outcome, quantity, effect }: StudyVerdict): string {
	if (effect === null) return `${outcome.toLowerCase()}: ${claim.sentence} Not measured yet.`;
	const ends =
		effect.low === null || effect.high === null ? "" : ` (${effect.low.toFixed(3)} to ${effect.high.toFixed(3)})`;
	return `${outcome.toLowerCase()}: ${claim.sentence} ${quantity}: ${effect.mean.toFixed(3)}${ends}, N = ${effect.n}.`;
}
