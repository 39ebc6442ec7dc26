"use client";
/** What the server says before anything starts: how long it takes, what will be poisoned, what is wrong. */
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { PoisonedPairs } from "../run/poisoned-pairs.tsx";
import { formatDuration, formatShare, formatWhole } from "../ui/format.ts";
import { Skeleton } from "../ui/states.tsx";
import css from "./new-run.module.css";
import { BeforeStartQuery, type ExperimentInput } from "./queries.ts";

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
	const [{ data, error, fetching }] = useQuery({
		query: BeforeStartQuery,
		variables: { config: JSON.parse(rested) ?? {} },
		pause: rested === "null",
	});
	if (rested === "null") return <p className={css.hint}>The estimate follows when every field is right.</p>;
	if (error)
		return (
			<p role="alert" className={css.fault}>
				{error.graphQLErrors[0]?.message ?? error.message}
			</p>
		);
	if (!data) return <Skeleton lines={6} />;
	const { estimateRun: estimate, previewAttack: preview } = data;
	return (
		<div className={css.before} aria-busy={fetching || rested !== text}>
			<p className={css.estimate}>
				<strong>{formatDuration(estimate.seconds * runs)}</strong>
				<span className={css.hint}>
					{runs > 1 && `for ${runs} runs one after the other, `}
					{formatWhole(estimate.steps)} steps each. {estimate.basis}
				</span>
			</p>
			<p>
				<strong>{formatWhole(preview.poisoned)}</strong> of {formatWhole(preview.samples)} training samples will be
				poisoned, {formatShare(preview.poisonShare)}. The first of them:
			</p>
			<PoisonedPairs pairs={preview.pairs} size={56} />
		</div>
	);
}
