/** The columns of the run table. */
import type { ColumnDef } from "@tanstack/react-table";
import Link from "next/link";
import type { ChartTable } from "../charts/chart-table.ts";
import { formatAgo, formatDuration, formatName, formatRank, formatShare } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { Status } from "../ui/status.tsx";
import css from "./runs.module.css";
import type { RunRow } from "./runs-query.ts";

type Metric = "hitAt10" | "minRank" | "imageRetrievalAt10";

const outcome = (run: RunRow, model: string, metric: Metric): number | null =>
	run.outcomes.find((row) => row.model === model)?.[metric] ?? null;

/** How far a value lies from the baseline's: a sign, and points of a percentage or ranks. */
export function delta(value: number | null, base: number | null, metric: Metric): string | null {
	if (value === null || base === null) return null;
	const difference = metric === "minRank" ? value - base : 100 * (value - base);
	const rounded = Math.abs(difference).toFixed(1);
	if (rounded === "0.0") return "±0";
	return `${difference > 0 ? "+" : "−"}${rounded}`;
}

interface MetricColumn {
	readonly model: string;
	readonly metric: Metric;
	readonly title: string;
}

const metricColumns: readonly MetricColumn[] = [
	{ model: "poisoned", metric: "hitAt10", title: "Hit@10" },
	{ model: "clean", metric: "hitAt10", title: "Hit@10" },
	{ model: "filtered", metric: "hitAt10", title: "Hit@10" },
	{ model: "cured", metric: "hitAt10", title: "Hit@10" },
	{ model: "poisoned", metric: "minRank", title: "MinRank" },
	{ model: "poisoned", metric: "imageRetrievalAt10", title: "IR@10" },
];

/** What the server can order by, and the column that stands for it; all begin with the largest. */
export const orders = {
	number: { column: "number", field: "NUMBER" },
	hit: { column: "hitAt10-poisoned", field: "POISONED_HIT_AT_10" },
	created: { column: "age", field: "CREATED_AT" },
} as const;
export type OrderName = keyof typeof orders;

/** Columns that are hidden until somebody chooses them. */
export const hiddenAtFirst = ["attack", "defenses", "study", "minRank-poisoned", "imageRetrievalAt10-poisoned", "tags"];

/** Names of all columns that may be hidden, for the chooser. */
export const choosable: readonly (readonly [string, string])[] = [
	["attack", "Attack"],
	["goal", "Goal"],
	["rate", "Poisoned share"],
	["defenses", "Defenses"],
	["seed", "Seed"],
	["study", "Study"],
	["tags", "Tags"],
	...metricColumns.map(({ model, metric, title }) => [`${metric}-${model}`, `${title}, ${model}`] as const),
	["age", "Created"],
];

function valueColumn({ model, metric, title }: MetricColumn, baseline: RunRow | null): ColumnDef<RunRow> {
	const format = metric === "minRank" ? formatRank : formatShare;
	return {
		id: `${metric}-${model}`,
		size: baseline ? 120 : 88,
		meta: { isNumber: true },
		header: () => (
			<span className={css.metric}>
				<ModelMark model={model} label={title} isShort />
				<span className="visually-hidden">{model}</span>
			</span>
		),
		cell: ({ row }) => {
			const value = outcome(row.original, model, metric);
			const change =
				baseline && baseline.id !== row.original.id ? delta(value, outcome(baseline, model, metric), metric) : null;
			return (
				<>
					{format(value)}
					{change && <span className={css.delta}> {change}</span>}
				</>
			);
		},
	};
}

/** All columns; with a baseline, metric columns say how far each run lies from it. */
export function columnsOf(baseline: RunRow | null, now: number): ColumnDef<RunRow>[] {
	return [
		{ id: "number", header: "Run", size: 52, meta: { isNumber: true }, cell: ({ row }) => row.original.number },
		{
			id: "status",
			header: "State",
			size: 118,
			cell: ({ row: { original: run } }) => (
				<span className={css.state}>
					<Status status={run.status} />
					{run.status === "RUNNING" && run.progress?.secondsLeft != null && (
						<span className={css.left}>{formatDuration(run.progress.secondsLeft)}</span>
					)}
				</span>
			),
		},
		{
			id: "name",
			header: "Name",
			size: 160,
			cell: ({ row }) => <Link href={`/run?n=${row.original.number}`}>{row.original.name}</Link>,
		},
		{ id: "attack", header: "Attack", size: 116, cell: ({ row }) => formatName(row.original.config.attack.__typename) },
		{
			id: "goal",
			header: "Goal",
			size: 144,
			cell: ({ row }) => row.original.goals.map(({ from, to }) => `${from} → ${to}`).join(", "),
		},
		{
			id: "rate",
			header: "Poison",
			size: 72,
			meta: { isNumber: true },
			cell: ({ row }) => formatShare(row.original.poisonShare),
		},
		{
			id: "defenses",
			header: "Defenses",
			size: 108,
			cell: ({ row }) => row.original.config.defenses.map((one) => formatName(one.__typename)).join(", ") || "none",
		},
		{ id: "seed", header: "Seed", size: 52, meta: { isNumber: true }, cell: ({ row }) => row.original.seed },
		{ id: "study", header: "Study", size: 134, cell: ({ row }) => row.original.study?.name },
		{ id: "tags", header: "Tags", size: 120, cell: ({ row }) => row.original.tags.join(", ") },
		...metricColumns.map((column) => valueColumn(column, baseline)),
		{
			id: "age",
			header: "Created",
			size: 96,
			meta: { isNumber: true },
			cell: ({ row }) => formatAgo(row.original.createdAt, now),
		},
	];
}

/** The rows that are loaded, with every result: for the CSV file and the pictures. */
export function tableOf(rows: readonly RunRow[]): ChartTable {
	return {
		columns: [
			"run",
			"status",
			"name",
			"seed",
			"poisoned share",
			...metricColumns.map(({ model, title }) => `${model} ${title}`),
		],
		rows: rows.map((run) => [
			run.number,
			run.status.toLowerCase(),
			run.name,
			run.seed,
			run.poisonShare,
			...metricColumns.map(({ model, metric }) => outcome(run, model, metric)),
		]),
	};
}
