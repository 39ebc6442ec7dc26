"use client";
/** Who does the work, and what waits for it. */
import Link from "next/link";
import { useEffect, useState } from "react";
import { ListFrame } from "../charts/list-frame.tsx";
import { graphql } from "../graphql/document.ts";
import { useFresh } from "../graphql/use-fresh.ts";
import facts from "../ui/facts.module.css";
import { formatAgo, formatDuration, formatWhole } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { Status, statusWord } from "../ui/status.tsx";

const WorkersQuery = graphql(`
	query Workers {
		queue {
			depth
			running
			oldestQueuedAt
		}
		workers {
			id
			name
			host
			pid
			threads
			version
			startedAt
			heartbeatAt
			isAlive
			import {
				id
				title
				path
			}
			run {
				number
				name
			}
		}
		runs(filter: { status: [RUNNING, QUEUED, PAUSED] }, first: 50) {
			nodes {
				number
				name
				status
				priority
				createdAt
				progress {
					stage
					secondsLeft
				}
			}
		}
	}
`);

const asked = { document: WorkersQuery, variables: {} };

export function WorkersPage() {
	const [result, ask] = useFresh({ query: WorkersQuery, variables: {}, every: 3000 });
	const [now, setNow] = useState(Date.now);
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, []);
	return (
		<Loaded result={result} retry={ask} skeleton={<Skeleton shape="row" lines={6} />}>
			{({ queue, workers, runs }) => (
				<>
					<dl className={facts.facts}>
						<div>
							<dt>waiting</dt>
							<dd>{formatWhole(queue.depth)}</dd>
						</div>
						<div>
							<dt>running</dt>
							<dd>{formatWhole(queue.running)}</dd>
						</div>
						<div>
							<dt>longest wait</dt>
							<dd>
								{queue.oldestQueuedAt ? formatAgo(queue.oldestQueuedAt, now).replace(" ago", "") : "nobody waits"}
							</dd>
						</div>
					</dl>
					<ListFrame
						title="Workers"
						operation={asked}
						table={() => ({
							columns: [
								"worker",
								"answers",
								"run",
								"import",
								"host",
								"process",
								"threads",
								"version",
								"since",
								"heard of",
							],
							rows: workers.map((worker) => [
								worker.name,
								worker.isAlive ? "yes" : "no",
								worker.run?.number ?? null,
								worker.import?.path ?? null,
								worker.host,
								worker.pid,
								worker.threads,
								worker.version,
								worker.startedAt,
								worker.heartbeatAt,
							]),
						})}
					>
						{workers.length === 0 && (
							<Empty title="No worker is at work">
								<p>
									Runs wait until one is: <code>npm run worker</code>, on this computer or on another that reaches the
									database.
								</p>
							</Empty>
						)}
						<ul className={workers.length > 0 ? facts.list : undefined}>
							{workers.map((worker) => (
								<li key={worker.id}>
									<span className={facts.wide}>
										<Icon name={worker.isAlive ? "check" : "warning"} size={14} /> <strong>{worker.name}</strong>{" "}
										{worker.isAlive ? "" : "does not answer"}
									</span>
									<span>
										{worker.run ? (
											<Link href={`/run?n=${worker.run.number}`}>
												run {worker.run.number}, {worker.run.name}
											</Link>
										) : worker.import ? (
											<Link href="/datasets">
												imports {worker.import.title}, {worker.import.path}
											</Link>
										) : (
											"waits for work"
										)}
									</span>
									<span className={facts.quiet}>
										{worker.host}, process {worker.pid}, {worker.threads} threads, version {worker.version}
									</span>
									<span className={facts.quiet}>heard of {formatAgo(worker.heartbeatAt, now)}</span>
								</li>
							))}
						</ul>
					</ListFrame>
					<ListFrame
						title="Queue"
						operation={asked}
						table={() => ({
							columns: ["run", "name", "status", "stage", "seconds left", "priority", "asked for"],
							rows: runs.nodes.map((run) => [
								run.number,
								run.name,
								statusWord(run.status),
								run.progress?.stage ?? null,
								run.progress?.secondsLeft ?? null,
								run.priority,
								run.createdAt,
							]),
						})}
					>
						{runs.nodes.length === 0 && <Empty title="Nothing runs and nothing waits" />}
						<ol className={runs.nodes.length > 0 ? facts.list : undefined}>
							{runs.nodes.map((run) => (
								<li key={run.number}>
									<Status status={run.status} />
									<Link className={facts.wide} href={`/run?n=${run.number}`}>
										run {run.number}, {run.name}
									</Link>
									{run.progress && (
										<span>
											{run.progress.stage}
											{run.progress.secondsLeft !== null && `, ${formatDuration(run.progress.secondsLeft)} left`}
										</span>
									)}
									<span className={facts.quiet}>priority {run.priority}</span>
									<span className={facts.quiet}>asked for {formatAgo(run.createdAt, now)}</span>
								</li>
							))}
						</ol>
					</ListFrame>
				</>
			)}
		</Loaded>
	);
}
