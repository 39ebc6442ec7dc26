"use client";
/** Runs that differ in their seed alone as one row: mean and 95 % interval over the seeds, and how many there are. */
import Link from "next/link";
import { TableFrame } from "../charts/table-frame.tsx";
import type { Pages } from "../graphql/use-pages.ts";
import { Button } from "../ui/button.tsx";
import { formatRank, formatShare } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { Status } from "../ui/status.tsx";
import css from "./runs.module.css";
import type { RunGroup } from "./runs-query.ts";

const columns = [
	{ model: "clean", metric: "hitAt10", title: "Hit@10" },
	{ model: "poisoned", metric: "hitAt10", title: "Hit@10" },
	{ model: "filtered", metric: "hitAt10", title: "Hit@10" },
	{ model: "cured", metric: "hitAt10", title: "Hit@10" },
	{ model: "poisoned", metric: "minRank", title: "MinRank" },
] as const;

export function GroupsTable({ pages }: { readonly pages: Pages<RunGroup> }) {
	return (
		<TableFrame
			title="Runs grouped over seeds"
			isTitleHidden
			note={`${pages.rows.length} of ${pages.total ?? pages.rows.length} groups; mean ± half of the 95 % interval over n seeds.`}
			table={() => ({
				columns: [
					"configuration",
					"seeds",
					...columns.flatMap(({ model, title }) => [`${model} ${title}`, "low", "high", "n"]),
				],
				rows: pages.rows.map((group) => [
					group.name,
					group.seeds.join(" "),
					...columns.flatMap(({ model, metric }) => {
						const found = group.outcomes.find((one) => one.model === model && one.metric === metric);
						return [found?.mean ?? null, found?.low ?? null, found?.high ?? null, found?.n ?? 0];
					}),
				]),
			})}
		>
			<table className={css.groups}>
				<thead>
					<tr>
						<th scope="col">Configuration</th>
						<th scope="col">Runs by seed</th>
						{columns.map(({ model, metric, title }) => (
							<th key={model + metric} scope="col">
								<ModelMark model={model} label={title} />
								<span className="visually-hidden">{model}</span>
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{pages.rows.map((group) => (
						<tr key={group.groupHash}>
							<th scope="row">
								<Link href={`/runs?group=${group.groupHash}`}>{group.name}</Link>
							</th>
							<td>
								{group.runs.map((run) => (
									<Link key={run.id} href={`/run?n=${run.number}`} className={css.seed}>
										<Status status={run.status} bare /> {run.number}
									</Link>
								))}
							</td>
							{columns.map(({ model, metric }) => (
								<td key={model + metric}>
									<Interval group={group} model={model} metric={metric} />
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
			{pages.total !== null && pages.rows.length < pages.total && <Button onClick={pages.more}>Show more</Button>}
		</TableFrame>
	);
}

function Interval({
	group,
	model,
	metric,
}: {
	readonly group: RunGroup;
	readonly model: string;
	readonly metric: string;
}) {
	const found = group.outcomes.find((one) => one.model === model && one.metric === metric);
	if (!found || found.n === 0) return "–";
	const format = metric === "minRank" ? formatRank : formatShare;
	return (
		<span
			title={
				found.low === null ? "One seed: no interval" : `95 % interval ${format(found.low)} to ${format(found.high)}`
			}
		>
			{format(found.mean)}
			<span className={css.delta}>
				{" "}
				{found.low !== null && found.high !== null && `± ${format((found.high - found.low) / 2)} `}n {found.n}
			</span>
		</span>
	);
}
