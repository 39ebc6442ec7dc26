/** The result table: one row per model. */
import type { Operation } from "../charts/operation.ts";
import { TableFrame } from "../charts/table-frame.tsx";
import { formatDuration, formatRank, formatShare } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { Empty } from "../ui/states.tsx";
import { isEnded, type RunStatus } from "../ui/status.tsx";
import css from "./run.module.css";
import type { Run } from "./run-query.ts";

type Outcome = Run["outcomes"][number];

interface Column {
	readonly title: string;
	readonly about: string;
	readonly value: (row: Outcome) => number;
	readonly format: (value: number) => string;
}

const columns: readonly Column[] = [
	{
		title: "Hit@1",
		about: "Queries of the attack whose first result is a target",
		value: (row) => row.hitAt1,
		format: formatShare,
	},
	{ title: "Hit@5", about: "… with a target among the first five", value: (row) => row.hitAt5, format: formatShare },
	{ title: "Hit@10", about: "… with a target among the first ten", value: (row) => row.hitAt10, format: formatShare },
	{
		title: "MinRank",
		about: "Mean rank of the best target, from 0; low is a strong attack",
		value: (row) => row.minRank,
		format: formatRank,
	},
	{
		title: "TR@10",
		about: "Text retrieval over the whole test split: what the model is good for",
		value: (row) => row.textRetrievalAt10,
		format: formatShare,
	},
	{
		title: "IR@10",
		about: "Image retrieval over the whole test split",
		value: (row) => row.imageRetrievalAt10,
		format: formatShare,
	},
	{ title: "Time", about: "Training and evaluation", value: (row) => row.seconds, format: formatDuration },
];

export function OutcomeTable({
	outcomes,
	status,
	operation,
}: {
	readonly operation: Operation;
	readonly outcomes: readonly Outcome[];
	readonly status: RunStatus;
}) {
	if (outcomes.length === 0)
		return (
			<Empty title="No model is evaluated yet">
				{isEnded(status)
					? "The run ended before its first evaluation."
					: "Each model has its row as soon as it is evaluated."}
			</Empty>
		);
	return (
		<TableFrame
			title="Results per model"
			operation={operation}
			table={() => ({
				columns: ["model", ...columns.map(({ title }) => title)],
				rows: outcomes.map((row) => [row.model, ...columns.map(({ value }) => value(row))]),
			})}
		>
			<table className={css.outcomes}>
				<thead>
					<tr>
						<th scope="col">Model</th>
						{columns.map(({ title, about }) => (
							<th key={title} scope="col" title={about}>
								{title}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{outcomes.map((row) => (
						<tr key={row.model}>
							<th scope="row">
								<ModelMark model={row.model} />
							</th>
							{columns.map(({ title, value, format }) => (
								<td key={title}>{format(value(row))}</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</TableFrame>
	);
}
