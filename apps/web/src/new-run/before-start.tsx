"use client";
/** What the server says before anything starts: how long it takes, what will be poisoned, what is wrong. */
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import type { ResultOf } from "../graphql/document.ts";
import { usePatient } from "../graphql/use-patient.ts";
import { PoisonedPairs } from "../run/poisoned-pairs.tsx";
import { formatDuration, formatShare, formatWhole } from "../ui/format.ts";
import { Skeleton } from "../ui/states.tsx";
import css from "./new-run.module.css";
import { EstimateQuery, type ExperimentInput, PoisonPreviewQuery } from "./queries.ts";

/** Milliseconds without a change before the server is asked. */
const rest = 600;

interface BeforeStartProps {
	/** Null while the form itself sees a fault. */
	readonly config: ExperimentInput | null;
	readonly runs: number;
}

export function BeforeStart({ config, runs }: BeforeStartProps) {
	const text = JSON.stringify(config);
	const [rested, setRested] = useState(text);
	useEffect(() => {
		const timer = setTimeout(() => setRested(text), rest);
		return () => clearTimeout(timer);
	}, [text]);
	if (rested === "null") return <p className={css.hint}>The estimate follows when every field is right.</p>;
	return <Foreseen config={JSON.parse(rested)} runs={runs} isChanging={rested !== text} />;
}

interface ForeseenProps {
	readonly config: ExperimentInput;
	readonly runs: number;
	/** The form has moved on from this configuration. */
	readonly isChanging: boolean;
}

/** Two questions: the time is known at once, the pairs of a data set that was never opened take seconds. */
function Foreseen({ config, runs, isChanging }: ForeseenProps) {
	const variables = { config };
	const [time] = useQuery({ query: EstimateQuery, variables });
	const pairs = usePatient({ query: PoisonPreviewQuery, variables });
	const error = time.error ?? pairs.error;
	if (error)
		return (
			<p role="alert" className={css.fault}>
				{error.graphQLErrors[0]?.message ?? error.message}
			</p>
		);
	return (
		<div className={css.before} aria-busy={time.fetching || pairs.fetching || isChanging}>
			{time.data ? <Estimate {...time.data.estimateRun} runs={runs} /> : <Skeleton lines={2} />}
			{pairs.data ? <Poison {...pairs.data.previewAttack} /> : <PoisonToCome />}
		</div>
	);
}

type EstimateProps = ResultOf<typeof EstimateQuery>["estimateRun"] & { readonly runs: number };

function Estimate({ seconds, steps, basis, advice, runs }: EstimateProps) {
	return (
		<>
			<p className={css.estimate}>
				<strong>{formatDuration(seconds * runs)}</strong>
				<span className={css.hint}>
					{runs > 1 && `for ${runs} runs one after the other, `}
					{formatWhole(steps)} steps each. {basis}
				</span>
			</p>
			{advice.map((sentence) => (
				<p key={sentence} role="note" className={css.advice}>
					{sentence}
				</p>
			))}
		</>
	);
}

function Poison({ poisoned, samples, poisonShare, pairs }: ResultOf<typeof PoisonPreviewQuery>["previewAttack"]) {
	return (
		<>
			<p>
				<strong>{formatWhole(poisoned)}</strong> of {formatWhole(samples)} training samples will be poisoned,{" "}
				{formatShare(poisonShare)}. The first of them:
			</p>
			<PoisonedPairs pairs={pairs} size={56} />
		</>
	);
}

function PoisonToCome() {
	return (
		<>
			<p className={css.hint}>
				Choosing the pairs to poison, as the run will. A data set that is opened for the first time is made first, which
				takes seconds.
			</p>
			<Skeleton lines={6} />
		</>
	);
}
