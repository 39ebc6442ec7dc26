"use client";
/** The poisoned pairs of the run, page by page. */
import { useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../graphql/document.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { formatWhole } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { PoisonedPairs } from "./poisoned-pairs.tsx";
import css from "./run.module.css";
import type { TabProps } from "./run-query.ts";

const PairsQuery = graphql(`
	query RunPairs($number: Int!, $first: Int!) {
		run(number: $number) {
			id
			poisonedPairs(first: $first) {
				totalCount
				pageInfo {
					hasNextPage
				}
				nodes {
					sample
					kind
					class
					captions
					before {
						url
						width
						height
					}
					after {
						url
						width
						height
					}
				}
			}
		}
	}
`);

/** The most that the server hands out at once, and a page of the browser. */
const most = 100;
const page = 24;

export default function PairsTab({ run }: TabProps) {
	const [first, setFirst] = useState(page);
	const [result, ask] = useQuery({ query: PairsQuery, variables: { number: run.number, first } });
	return (
		<Loaded
			result={result}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="row" lines={8} />}
		>
			{(data) => {
				const pairs = data.run?.poisonedPairs;
				if (!pairs || pairs.nodes.length === 0)
					return (
						<Empty title="No pair is poisoned yet">The attack edits the training pairs when the run begins.</Empty>
					);
				return (
					<div className={css.section}>
						<p className={css.note}>
							{formatWhole(pairs.nodes.length)} of {formatWhole(pairs.totalCount)} poisoned samples. The struck picture
							is the true one; the framed one took its place.
						</p>
						<PoisonedPairs pairs={pairs.nodes} />
						<div className={css.actions}>
							{pairs.pageInfo.hasNextPage && first < most && (
								<Button onClick={() => setFirst(Math.min(most, first + page))}>Show more</Button>
							)}
							{run.dataset && (
								<ButtonLink href={`/datasets?hash=${run.dataset.hash}&poison=${run.number}`}>
									Browse all of them in the data set
								</ButtonLink>
							)}
						</div>
					</div>
				);
			}}
		</Loaded>
	);
}
