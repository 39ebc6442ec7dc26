"use client";
/** One run: header, result table and tabs, live from the first answer on. */
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { createView, ViewContext } from "../charts/view.ts";
import type { FirstAnswer } from "../live/run-state.ts";
import { useRunFeed } from "../live/use-run-feed.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { useParameter, withParameters } from "../url.ts";
import { OutcomeTable } from "./outcome-table.tsx";
import css from "./run.module.css";
import { RunCrumbs, RunHeader } from "./run-header.tsx";
import { type Run, RunMetricsQuery, RunQuery, type TabProps } from "./run-query.ts";
import { runTabs } from "./tabs.ts";

export function RunPage() {
	const [text] = useParameter("n");
	const [tab] = useParameter("tab", "metrics");
	const number = Number(text);
	const isNumber = Number.isInteger(number) && number > 0;
	const [result, ask] = useQuery({
		query: RunQuery,
		variables: { number },
		pause: !isNumber,
		requestPolicy: "cache-and-network",
	});
	// Curves and the script that draws them are fetched beside what the header needs, not after it. Metrics that begin
	// later come with the feed; asking again would not make them any newer.
	const [metrics, askCurves] = useQuery({
		query: RunMetricsQuery,
		variables: { number },
		pause: !isNumber,
		requestPolicy: "network-only",
	});
	// biome-ignore lint/correctness/useExhaustiveDependencies: only the tab that is opened first; others come when they are asked for.
	useEffect(() => void runTabs.find(({ key }) => key === tab)?.load(), []);
	const retry = () => ask({ requestPolicy: "network-only" });
	const fault = metrics.error
		? { error: metrics.error, retry: () => askCurves({ requestPolicy: "network-only" }) }
		: null;
	if (!isNumber) return <Empty title="Which run?">The address needs a number, as in /run?n=42.</Empty>;
	return (
		<Loaded result={result} retry={retry} skeleton={<RunFrame number={number} />}>
			{({ run }) =>
				run ? (
					<RunView key={run.id} run={run} first={metrics.data?.run ?? null} fault={fault} refresh={retry} />
				) : (
					<Empty title={`There is no run ${number}.`} />
				)
			}
		</Loaded>
	);
}

/** What is known before any answer: the number and the parts of the page. */
function RunFrame({ number }: { readonly number: number }) {
	return (
		<div className={css.page}>
			<header className={css.header}>
				<div className={css.title}>
					<RunCrumbs study={null} />
					<h1>
						<span className={css.number}>{number}</span>
					</h1>
					<Skeleton lines={1} />
				</div>
			</header>
			<Skeleton lines={4} shape="row" />
			<RunTabs />
			<Skeleton lines={2} shape="chart" />
		</div>
	);
}

interface ViewProps {
	readonly run: Run;
	/** The curves so far, from which the feed goes on; null until they are here. */
	readonly first: (FirstAnswer & { readonly id: string }) | null;
	/** Why there are no curves, and a way to ask again. */
	readonly fault: TabProps["fault"];
	readonly refresh: () => void;
}

function RunView({ run, first, fault, refresh }: ViewProps) {
	const [tab] = useParameter("tab", "metrics");
	const [view] = useState(() => createView(new URLSearchParams(window.location.search)));
	// While another run is being asked for, the answer about the one before is still there.
	const live = useRunFeed(run.id, first?.id === run.id ? first : null);
	const milestones = live?.milestones ?? 0;
	// biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the feed tells of something new, not when `refresh` changes.
	useEffect(() => {
		if (milestones === 0) return;
		const timer = setTimeout(refresh, 300);
		return () => clearTimeout(timer);
	}, [milestones]);
	const { Content } = runTabs.find(({ key }) => key === tab) ?? runTabs[0]!;
	useEffect(() => {
		document.title = `Run ${run.number}: ${run.name} · Mithridate`;
	}, [run.number, run.name]);
	return (
		<div className={css.page}>
			<RunHeader run={run} live={live} refresh={refresh} />
			<OutcomeTable
				outcomes={run.outcomes}
				status={live?.status ?? run.status}
				operation={{ document: RunQuery, variables: { number: run.number } }}
			/>
			<RunTabs />
			<ViewContext value={view}>
				<Content run={run} live={live} fault={fault} />
			</ViewContext>
		</div>
	);
}

function RunTabs() {
	const [tab] = useParameter("tab", "metrics");
	const search = useSearchParams().toString();
	const links = runTabs.map(({ key, title }) => ({
		key,
		title,
		href: `/run?${withParameters(search, { tab: key === "metrics" ? null : key })}`,
	}));
	useTabKeys(links, tab);
	return <Tabs label="Parts of the run" tabs={links} current={tab} />;
}

/** `[` and `]` go to the tab before and after. */
function useTabKeys(links: readonly { readonly key: string; readonly href: string }[], current: string): void {
	const go = (by: number) => {
		const at = links.findIndex(({ key }) => key === current);
		const next = links[(at + by + links.length) % links.length];
		if (next) window.history.replaceState(null, "", next.href);
	};
	useShortcuts([
		{ keys: "]", does: "Next tab", run: () => go(1) },
		{ keys: "[", does: "Tab before", run: () => go(-1) },
	]);
}
