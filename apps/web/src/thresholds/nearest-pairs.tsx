"use client";
/** The pairs on both sides of a threshold: what it decides about, in pictures. */
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { formatNumber } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import css from "./lab.module.css";
import { nearestPairs } from "./queries.ts";

/** Milliseconds that a threshold must rest before its pairs are asked for. */
const rest = 200;

export function NearestPairs({
	reportId,
	threshold,
	isTruthHidden,
}: {
	readonly reportId: string;
	readonly threshold: number;
	readonly isTruthHidden: boolean;
}) {
	const [near, setNear] = useState(threshold);
	useEffect(() => {
		const timer = setTimeout(() => setNear(threshold), rest);
		return () => clearTimeout(timer);
	}, [threshold]);
	const [result] = useQuery({ query: nearestPairs, variables: { id: reportId, near } });
	return (
		<section aria-label="Pairs nearest to the threshold">
			<h2>Nearest to the threshold</h2>
			<Loaded result={result} skeleton={<Skeleton shape="chart" />}>
				{({ node }) => {
					const pairs = node && "pairs" in node ? node.pairs.nodes : [];
					if (pairs.length === 0) return <Empty title="No pairs were scored" />;
					return (
						<ul className={css.pairs}>
							{pairs.map(({ sample, score, isPoisoned, captions, image }) => (
								<li key={sample} data-kept={score <= threshold} data-poisoned={!isTruthHidden && isPoisoned}>
									{/* biome-ignore lint/performance/noImgElement: a static export has no image server. */}
									<img src={`${image.url}?size=128`} alt="" width={72} height={72} loading="lazy" />
									<div>
										<p>{captions[0]}</p>
										<p className={css.verdict}>
											<span>{formatNumber(score)}</span>
											<span>{score <= threshold ? "kept" : "removed"}</span>
											{!isTruthHidden && <span>{isPoisoned ? "poisoned" : "clean"}</span>}
										</p>
									</div>
								</li>
							))}
						</ul>
					);
				}}
			</Loaded>
		</section>
	);
}
