"use client";
/** A run in short beside the table, so that one can go through runs without leaving it. */
import { graphql } from "../graphql/document.ts";
import { useFresh } from "../graphql/use-fresh.ts";
import { Button, ButtonLink, IconButton } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import { formatDuration, formatName, formatRank, formatShare, formatTime } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import css from "./run-peek.module.css";

const PeekQuery = graphql(`
	query RunPeek($number: Int!) {
		run(number: $number) {
			id
			number
			name
			status
			seed
			notes
			poisonShare
			createdAt
			startedAt
			endedAt
			error {
				message
			}
			goals {
				from
				to
			}
			config {
				attack {
					__typename
				}
				defenses {
					__typename
				}
			}
			outcomes {
				model
				hitAt10
				minRank
				textRetrievalAt10
				imageRetrievalAt10
			}
		}
	}
`);

interface PeekProps {
	readonly number: string;
	readonly isSelected: boolean;
	readonly select: () => void;
	readonly close: () => void;
}

const seconds = (from: string | null, to: string | null) =>
	from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;

export function RunPeek({ number, isSelected, select, close }: PeekProps) {
	const [result, ask] = useFresh({ query: PeekQuery, variables: { number: Number(number) } });
	// The answer about the run before stays in hand while the next one is asked for.
	const isOther = result.data?.run != null && String(result.data.run.number) !== number;
	return (
		<aside className={css.peek} aria-label={`Run ${number} in short`}>
			<div className={css.close}>
				<IconButton label="Close" icon="close" onClick={close} />
			</div>
			<Loaded result={isOther ? {} : result} retry={ask} skeleton={<Skeleton lines={8} />}>
				{({ run }) =>
					run ? (
						<>
							<h2>
								{run.number} {run.name}
							</h2>
							<p>
								<Status status={run.status} />
								{run.error && `: ${run.error.message}`}
							</p>
							<div className={css.actions}>
								<ButtonLink href={`/run?n=${run.number}`} look="primary">
									Open
								</ButtonLink>
								<Button aria-pressed={isSelected} onClick={select}>
									{isSelected ? "Selected" : "Select"}
								</Button>
							</div>
							{run.outcomes.length === 0 ? (
								<Empty title="No model is evaluated yet" />
							) : (
								<table className={css.table}>
									<thead>
										<tr>
											<th scope="col">Model</th>
											<th scope="col">Hit@10</th>
											<th scope="col">MinRank</th>
											<th scope="col">TR@10</th>
											<th scope="col">IR@10</th>
										</tr>
									</thead>
									<tbody>
										{run.outcomes.map((row) => (
											<tr key={row.model}>
												<th scope="row">
													<ModelMark model={row.model} />
												</th>
												<td>{formatShare(row.hitAt10)}</td>
												<td>{formatRank(row.minRank)}</td>
												<td>{formatShare(row.textRetrievalAt10)}</td>
												<td>{formatShare(row.imageRetrievalAt10)}</td>
											</tr>
										))}
									</tbody>
								</table>
							)}
							<dl className={facts.facts}>
								<div>
									<dt>Attack</dt>
									<dd>{formatName(run.config.attack.__typename)}</dd>
								</div>
								<div>
									<dt>Goal</dt>
									<dd>{run.goals.map(({ from, to }) => `${from} → ${to}`).join(", ")}</dd>
								</div>
								<div>
									<dt>Poisoned share</dt>
									<dd>{formatShare(run.poisonShare)}</dd>
								</div>
								<div>
									<dt>Defenses</dt>
									<dd>{run.config.defenses.map((one) => formatName(one.__typename)).join(", ") || "none"}</dd>
								</div>
								<div>
									<dt>Seed</dt>
									<dd>{run.seed}</dd>
								</div>
								<div>
									<dt>Created</dt>
									<dd>{formatTime(run.createdAt)}</dd>
								</div>
								<div>
									<dt>Took</dt>
									<dd>{formatDuration(seconds(run.startedAt, run.endedAt))}</dd>
								</div>
							</dl>
							{run.notes && <p className={facts.quiet}>{run.notes}</p>}
						</>
					) : (
						<Empty title={`There is no run ${number}.`} />
					)
				}
			</Loaded>
		</aside>
	);
}
