"use client";
/** Every metric as a chart of its own over one linked step axis, live. */
import { useEffect, useMemo, useState } from "react";
import { useQuery } from "urql";
import { CurveChart } from "../charts/curve-chart.tsx";
import { splice } from "../charts/curves.ts";
import { stepsOf } from "../charts/plot.ts";
import type { Interval } from "../charts/scale.ts";
import { useSharedView, useView } from "../charts/view.ts";
import { ViewControls } from "../charts/view-controls.tsx";
import { fromServer, type Series } from "../live/series.ts";
import { Empty, Failure, Skeleton } from "../ui/states.tsx";
import { metricPanels } from "./metric-panels.ts";
import css from "./run.module.css";
import { RunMetricsQuery, type TabProps } from "./run-query.ts";

/** What the reader looks at, once it has rested a moment: a drag must not ask for every step of its way. */
function useRestingRange(): Interval | null {
	const range = useView((view) => view.range);
	const [rested, setRested] = useState(range);
	useEffect(() => {
		const timer = setTimeout(() => setRested(range), 200);
		return () => clearTimeout(timer);
	}, [range]);
	return rested;
}

/** The series with all of the server's points in the range in view, where it holds more than were sent. */
function useCloser(number: number, series: ReadonlyMap<string, Series>): ReadonlyMap<string, Series> {
	const range = useRestingRange();
	const keys = [...series.values()].filter(({ method }) => method !== "RAW").map(({ key }) => key);
	const pause = range === null || keys.length === 0;
	const [{ data }] = useQuery({
		query: RunMetricsQuery,
		variables: {
			number,
			keys: keys.sort(),
			range: range && { from: Math.floor(range[0]), to: Math.ceil(range[1]) },
		},
		pause,
		requestPolicy: "cache-first",
	});
	const details = pause ? undefined : data?.run?.metrics;
	return useMemo(() => {
		if (!details) return series;
		const closer = new Map(series);
		for (const detail of details) {
			const whole = series.get(detail.key);
			if (whole) closer.set(detail.key, splice(whole, fromServer(detail)));
		}
		return closer;
	}, [series, details]);
}

export default function MetricsTab({ run, live, fault }: TabProps) {
	const series = useCloser(run.number, live?.series ?? none);
	const panels = useMemo(() => metricPanels(series), [series]);
	const shared = useSharedView();
	useEffect(() => shared.set({ whole: stepsOf(panels.flatMap(({ curves }) => curves)) }), [shared, panels]);
	if (!live) return fault ? <Failure {...fault} /> : <Skeleton shape="chart" lines={2} />;
	if (panels.length === 0) return <Empty title="No curves yet">They begin with the first training step.</Empty>;
	return (
		<section aria-label="Metrics">
			<ViewControls />
			<div className={css.grid}>
				{panels.map(({ title, curves, format }) => (
					<CurveChart
						key={title}
						title={title}
						format={format}
						curves={curves}
						operation={{
							document: RunMetricsQuery,
							variables: { number: run.number, keys: curves.map(({ series: { key } }) => key) },
						}}
					/>
				))}
			</div>
		</section>
	);
}

const none: ReadonlyMap<string, Series> = new Map();
