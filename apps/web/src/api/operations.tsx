"use client";
/** The operations behind the main pages, each of them opened in GraphiQL by a link. */
import { useState } from "react";
import { copyText } from "../charts/export.ts";
import { type Operation, operationText, sandboxAddress } from "../charts/operation.ts";
import { askedBefore } from "../graphql/asked.ts";
import { RunEventsSubscription } from "../live/run-events.ts";
import { RunMetricsQuery, RunQuery } from "../run/run-query.ts";
import { RunGroupsQuery, RunsQuery } from "../runs/runs-query.ts";
import { labRun } from "../thresholds/queries.ts";
import { Button } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import page from "../ui/page.module.css";

interface NamedOperation extends Operation {
	readonly title: string;
	readonly about: string;
}

const operations: readonly NamedOperation[] = [
	{ title: "Runs", about: "rows of the run table", document: RunsQuery, variables: { first: 10 } },
	{ title: "Groups", about: "the same runs over their seeds", document: RunGroupsQuery, variables: { first: 10 } },
	{ title: "Run", about: "one run with its results", document: RunQuery, variables: { number: 1 } },
	{
		title: "Metrics",
		about: "curves of a run, and where its feed goes on",
		document: RunMetricsQuery,
		variables: { number: 1, keys: ["poisoned/loss"] },
	},
	{
		title: "Events",
		about: "everything that happens to a run, from a cursor on; take the id from Run",
		document: RunEventsSubscription,
		variables: { runId: "" },
	},
	{
		title: "Threshold lab",
		about: "distances that a filter measured",
		document: labRun,
		variables: { number: 1 },
	},
];

/** What the page asked that one came from; empty when this page was opened first. */
function FromBefore() {
	const [asked] = useState(askedBefore);
	if (asked.length === 0) return null;
	return (
		<section className={page.section} aria-labelledby="before">
			<h2 id="before">What the page before asked</h2>
			<ul className={facts.list}>
				{asked.map((one) => (
					<li key={one.name}>
						<strong>{one.name}</strong>
						<code className={facts.wide}>{JSON.stringify(one.variables)}</code>
						<Button icon="copy" look="quiet" onClick={() => void copyText(operationText(one), one.name)}>
							Copy
						</Button>
						<a href={sandboxAddress(one)}>
							Open in GraphiQL<span className="visually-hidden">: {one.name}</span>
						</a>
					</li>
				))}
			</ul>
		</section>
	);
}

export function Operations() {
	return (
		<>
			<FromBefore />
			<section className={page.section} aria-labelledby="operations">
				<h2 id="operations">Operations of the pages</h2>
				<ul className={facts.list}>
					{operations.map((operation) => (
						<li key={operation.title}>
							<strong>{operation.title}</strong>
							<span className={facts.wide}>{operation.about}</span>
							<a href={sandboxAddress(operation)}>
								Open in GraphiQL<span className="visually-hidden">: {operation.title}</span>
							</a>
						</li>
					))}
				</ul>
				<p>
					<a href="/sandbox">Open GraphiQL</a> to write one of your own.
				</p>
			</section>
		</>
	);
}
