"use client";
/** Load and memory of the trainer, the attempts, and where the run was made. */
import { useQuery } from "urql";
import { extent } from "../charts/scale.ts";
import { XyChart } from "../charts/xy-chart.tsx";
import { graphql } from "../graphql/document.ts";
import facts from "../ui/facts.module.css";
import { formatBytes, formatShare, formatShareTick, formatTime } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import css from "./run.module.css";
import type { TabProps } from "./run-query.ts";

const SystemQuery = graphql(`
	query RunSystem($number: Int!) {
		run(number: $number) {
			id
			systemSamples {
				at
				attempt
				cpuShare
				residentBytes
			}
			attempts {
				number
				worker
				startedAt
				endedAt
				outcome
				error {
					code
					message
				}
			}
			environment {
				codeVersion
				runtime
				device
				threads
				cpu
				node
				platform
				runtimeReason
			}
		}
	}
`);

export default function SystemTab({ run, live }: TabProps) {
	const [result] = useQuery({ query: SystemQuery, variables: { number: run.number }, requestPolicy: "network-only" });
	return (
		<Loaded
			result={result}
			operation={{ document: SystemQuery, variables: { number: run.number } }}
			skeleton={<Skeleton shape="chart" lines={2} />}
		>
			{({ run: found }) => {
				const stored = found?.systemSamples ?? [];
				const last = stored.at(-1)?.at ?? "";
				const samples = [...stored, ...(live?.samples ?? []).filter(({ at }) => at > last)];
				const start = Date.parse(samples[0]?.at ?? "");
				const since = (at: string) => (Date.parse(at) - start) / 1000;
				const xs = extent(samples.map(({ at }) => since(at)));
				return (
					<div className={css.section}>
						{samples.length === 0 ? (
							<Empty title="No samples yet">The worker reports its trainer's load every few seconds.</Empty>
						) : (
							<div className={css.grid}>
								<XyChart
									title="Processor"
									summary={`Now ${formatShare(samples.at(-1)?.cpuShare)} of all cores.`}
									method={`${samples.length} samples, all drawn.`}
									lines={[
										{
											model: "base",
											label: "share of all cores",
											points: samples.map(({ at, cpuShare }) => ({ x: since(at), y: cpuShare })),
										},
									]}
									xs={xs}
									ys={[0, 1]}
									xTitle="seconds"
									yFormat={formatShareTick}
								/>
								<XyChart
									title="Memory"
									summary={`Now ${formatBytes(samples.at(-1)?.residentBytes ?? 0)} resident.`}
									method={`${samples.length} samples, all drawn.`}
									lines={[
										{
											model: "base",
											label: "resident",
											points: samples.map(({ at, residentBytes }) => ({ x: since(at), y: residentBytes })),
										},
									]}
									xs={xs}
									ys={[
										0,
										extent(
											samples.map(({ residentBytes }) => residentBytes),
											0.1,
										)[1],
									]}
									xTitle="seconds"
									yFormat={formatBytes}
								/>
							</div>
						)}
						{found?.environment && (
							<dl className={facts.facts}>
								{Object.entries(found.environment).map(([name, value]) => (
									<div key={name}>
										<dt>{names[name] ?? name}</dt>
										<dd>{value}</dd>
									</div>
								))}
							</dl>
						)}
						<h2>Attempts</h2>
						<ol className={facts.list}>
							{found?.attempts.map((attempt) => (
								<li key={attempt.number}>
									<strong>{attempt.number}</strong>
									<span className={facts.wide}>
										{attempt.worker}, from {formatTime(attempt.startedAt)}
										{attempt.endedAt && ` to ${formatTime(attempt.endedAt)}`}
										{attempt.error && `: ${attempt.error.message}`}
									</span>
									<span className={facts.quiet}>{attempt.outcome?.toLowerCase() ?? "under way"}</span>
								</li>
							))}
						</ol>
					</div>
				);
			}}
		</Loaded>
	);
}

const names: Readonly<Record<string, string>> = {
	codeVersion: "Version",
	runtime: "Runtime",
	device: "Device",
	threads: "Threads",
	cpu: "Processor",
	node: "Node",
	platform: "Platform",
	runtimeReason: "Why this runtime",
};
