"use client";
/** Two to eight runs side by side: what came out, at what price, and what was set differently. */
import Link from "next/link";
import { useQuery } from "urql";
import { TableFrame } from "../charts/table-frame.tsx";
import { UtilityScatter } from "../outcomes/utility-scatter.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import ui from "../ui/ui.module.css";
import { useListParameter, useParameter } from "../url.ts";
import css from "./compare.module.css";
import { CompareCurves } from "./compare-curves.tsx";
import { type ComparedRun, ConfigDiffQuery, RecentRunsQuery, useRuns } from "./compare-query.ts";
import { CompareRanks } from "./compare-ranks.tsx";
import { CompareRetrieval } from "./compare-retrieval.tsx";
import { OutcomeComparison } from "./outcome-comparison.tsx";

const fewest = 2;
const most = 8;

export function ComparePage() {
	const [chosen, choose] = useListParameter("runs");
	const numbers = chosen
		.map(Number)
		.filter((number) => Number.isInteger(number) && number > 0)
		.slice(0, most);
	const runs = useRuns(numbers);
	const set = (next: readonly number[]) => choose(next.map(String));
	return (
		<>
			<Chooser numbers={numbers} runs={runs.data ?? []} onChange={set} />
			{numbers.length < fewest ? (
				<Empty title="Choose two runs or more">
					<p>The first is what the others are measured against.</p>
				</Empty>
			) : (
				<Loaded result={runs} skeleton={<Skeleton shape="chart" />}>
					{(data) => (
						<>
							<OutcomeComparison runs={data} />
							<UtilityScatter
								of="run"
								groups={data.map(({ number, outcomes }) => ({
									label: String(number),
									name: `run ${number}`,
									outcomes,
								}))}
							/>
							<ModelParts runs={data} />
							<Differences runs={data} />
						</>
					)}
				</Loaded>
			)}
		</>
	);
}

interface ChooserProps {
	readonly numbers: readonly number[];
	readonly runs: readonly ComparedRun[];
	readonly onChange: (numbers: readonly number[]) => void;
}

function Chooser({ numbers, runs, onChange }: ChooserProps) {
	const [recent] = useQuery({ query: RecentRunsQuery, requestPolicy: "cache-and-network" });
	const others = recent.data?.runs.nodes.filter(({ number }) => !numbers.includes(number)) ?? [];
	return (
		<div className={css.chooser}>
			<ol aria-label="Compared runs">
				{numbers.map((number, at) => {
					const run = runs.find((one) => one.number === number);
					return (
						<li key={number}>
							<span className={css.letter}>{at === 0 ? "baseline" : at + 1}</span>
							<Link href={`/run?n=${number}`}>
								run {number}
								{run && `, ${run.name}, seed ${run.seed}`}
							</Link>
							{run && <Status status={run.status} bare />}
							<IconButton
								label={`Remove run ${number}`}
								icon="close"
								onClick={() => onChange(numbers.filter((one) => one !== number))}
							/>
						</li>
					);
				})}
			</ol>
			{numbers.length < most && (
				<Field label="Add a run">
					{(control) => (
						<select {...control} value="" onChange={({ target }) => onChange([...numbers, Number(target.value)])}>
							<option value="" disabled>
								{others.length === 0 ? "There is no other run" : "Choose …"}
							</option>
							{others.map(({ number, name, seed, status }) => (
								<option key={number} value={number}>
									{number} {name}, seed {seed}, {status.toLowerCase()}
								</option>
							))}
						</select>
					)}
				</Field>
			)}
		</div>
	);
}

/** What is compared model by model. */
function ModelParts({ runs }: { readonly runs: readonly ComparedRun[] }) {
	const models = [...new Set(runs.flatMap(({ outcomes }) => outcomes.map(({ model }) => model)))];
	const [chosen, choose] = useParameter("model", "poisoned");
	const model = models.includes(chosen) ? chosen : models[0];
	if (model === undefined) return null;
	return (
		<>
			<fieldset className={ui.choice}>
				<legend className="visually-hidden">Model that is compared</legend>
				{models.map((one) => (
					<Button key={one} aria-pressed={one === model} onClick={() => choose(one)}>
						{one}
					</Button>
				))}
			</fieldset>
			<CompareCurves runs={runs} model={model} />
			<CompareRanks runs={runs} model={model} />
			<CompareRetrieval runs={runs} model={model} />
		</>
	);
}

function Differences({ runs }: { readonly runs: readonly ComparedRun[] }) {
	const [result] = useQuery({
		query: ConfigDiffQuery,
		variables: { runIds: runs.map(({ id }) => id) },
		pause: runs.length < fewest,
	});
	return (
		<section aria-label="Settings that differ">
			<h2>What was set differently</h2>
			<Loaded result={result}>
				{({ configDiff }) =>
					configDiff.length === 0 ? (
						<Empty title="Nothing: these runs have the same settings" />
					) : (
						<TableFrame
							title="What was set differently"
							isTitleHidden
							operation={{ document: ConfigDiffQuery, variables: { runIds: runs.map(({ id }) => id) } }}
							table={() => ({
								columns: ["setting", ...runs.map(({ number }) => `run ${number}`)],
								rows: configDiff.map(({ path, values }) => [path, ...values]),
							})}
						>
							<table className={css.table}>
								<thead>
									<tr>
										<th scope="col">setting</th>
										{runs.map(({ number }) => (
											<th key={number} scope="col">
												run {number}
											</th>
										))}
									</tr>
								</thead>
								<tbody>
									{configDiff.map(({ path, values }) => (
										<tr key={path}>
											<th scope="row">
												<code>{path}</code>
											</th>
											{values.map((value, at) => (
												<td key={runs[at]?.number}>
													<code>{value ?? "–"}</code>
												</td>
											))}
										</tr>
									))}
								</tbody>
							</table>
						</TableFrame>
					)
				}
			</Loaded>
		</section>
	);
}
