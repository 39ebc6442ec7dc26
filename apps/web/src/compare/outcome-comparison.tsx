"use client";
/** One measure of every model in every run, with the difference to the first run where the seeds allow one. */
import { TableFrame } from "../charts/table-frame.tsx";
import { Field } from "../ui/field.tsx";
import { formatDuration, formatRank, formatShare } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { useParameter } from "../url.ts";
import css from "./compare.module.css";
import { type ComparedRun, CompareRunQuery } from "./compare-query.ts";

type Outcome = ComparedRun["outcomes"][number];
type Measure = Exclude<keyof Outcome, "model">;

const measures: Readonly<Record<Measure, { readonly title: string; readonly format: (value: number) => string }>> = {
	hitAt10: { title: "Hit@10", format: formatShare },
	hitAt5: { title: "Hit@5", format: formatShare },
	hitAt1: { title: "Hit@1", format: formatShare },
	minRank: { title: "MinRank", format: formatRank },
	imageRetrievalAt10: { title: "Image retrieval at 10", format: formatShare },
	textRetrievalAt10: { title: "Text retrieval at 10", format: formatShare },
	seconds: { title: "Seconds", format: formatDuration },
};

/** Models of all runs, each once, in the order in which the runs made them. */
const modelsOf = (runs: readonly ComparedRun[]) => [
	...new Set(runs.flatMap(({ outcomes }) => outcomes.map(({ model }) => model))),
];

export function OutcomeComparison({ runs }: { readonly runs: readonly ComparedRun[] }) {
	const [chosen, choose] = useParameter("measure", "hitAt10");
	const measure = (chosen in measures ? chosen : "hitAt10") as Measure;
	const { format } = measures[measure];
	const [baseline] = runs;
	const value = (run: ComparedRun | undefined, model: string) =>
		run?.outcomes.find((outcome) => outcome.model === model)?.[measure];
	return (
		<TableFrame
			title={`${measures[measure].title} of every model`}
			operation={baseline && { document: CompareRunQuery, variables: { number: baseline.number } }}
			table={() => ({
				columns: ["model", ...runs.map(({ number, seed }) => `run ${number}, seed ${seed}`)],
				rows: modelsOf(runs).map((model) => [model, ...runs.map((run) => value(run, model) ?? null)]),
			})}
			note="A difference to the baseline is drawn only between runs of the same seed."
			controls={
				<Field label="Measure" isLabelHidden>
					{(control) => (
						<select {...control} value={measure} onChange={({ target }) => choose(target.value)}>
							{Object.entries(measures).map(([key, { title }]) => (
								<option key={key} value={key}>
									{title}
								</option>
							))}
						</select>
					)}
				</Field>
			}
		>
			<table className={css.table}>
				<thead>
					<tr>
						<th scope="col">model</th>
						{runs.map(({ number, seed }, at) => (
							<th key={number} scope="col">
								run {number}
								<small>{at === 0 ? "baseline" : seed === baseline?.seed ? "same seed" : `seed ${seed}`}</small>
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{modelsOf(runs).map((model) => (
						<tr key={model}>
							<th scope="row">
								<ModelMark model={model} />
							</th>
							{runs.map((run) => {
								const [mine, first] = [value(run, model), value(baseline, model)];
								// Two seeds differ by chance alone; a difference between them would pass for an effect.
								const isPaired = run !== baseline && run.seed === baseline?.seed;
								return (
									<td key={run.number}>
										{mine === undefined ? "–" : format(mine)}
										{isPaired && mine !== undefined && first !== undefined && (
											<small>{signed(mine - first, format)}</small>
										)}
									</td>
								);
							})}
						</tr>
					))}
				</tbody>
			</table>
		</TableFrame>
	);
}

const signed = (difference: number, format: (value: number) => string) =>
	`${difference < 0 ? "−" : "+"}${format(Math.abs(difference))}`;
