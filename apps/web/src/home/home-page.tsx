"use client";
/** What is running, what came out last, and where to begin when there is nothing yet. */
import Link from "next/link";
import { graphql, type ResultOf } from "../graphql/document.ts";
import { useFresh } from "../graphql/use-fresh.ts";
import { ButtonLink } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import { formatAgo, formatDuration, formatName, formatShare, formatWhole } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { modelStyle } from "../ui/models.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import css from "./home.module.css";
import { StartDemo } from "./start-demo.tsx";

const HomeQuery = graphql(`
	query Home {
		queue {
			depth
			running
			oldestQueuedAt
		}
		workers {
			id
			isAlive
		}
		running: runs(filter: { status: [RUNNING, PAUSED] }, first: 8) {
			nodes {
				id
				number
				name
				status
				progress {
					stage
					done
					total
					secondsLeft
					worker
				}
			}
		}
		ended: runs(filter: { status: [SUCCEEDED, FAILED, QUARANTINED] }, orderBy: { field: ENDED_AT, direction: DESC }, first: 8) {
			nodes {
				id
				number
				name
				status
				endedAt
				config {
					attack {
						__typename
					}
				}
				goals {
					from
					to
				}
				outcomes {
					model
					hitAt10
					imageRetrievalAt10
				}
			}
		}
		studies(first: 6) {
			nodes {
				id
				slug
				name
				question
				counts {
					status
					count
				}
			}
		}
		runs(first: 1) {
			nodes {
				id
			}
		}
	}
`);

type Home = ResultOf<typeof HomeQuery>;
type Ended = Home["ended"]["nodes"][number];

export function HomePage() {
	const [result, ask] = useFresh({ query: HomeQuery, variables: {}, every: 3000 });
	return (
		<Loaded result={result} retry={ask} skeleton={<Skeleton shape="row" lines={10} />}>
			{(home) => (home.runs.nodes.length === 0 ? <Beginning /> : <Overview home={home} />)}
		</Loaded>
	);
}

/** The first visit: one thing to press, and what will happen. */
function Beginning() {
	return (
		<div className={css.beginning}>
			<h1>Poison a model, then cure it</h1>
			<p>
				The demonstration study poisons a CLIP-like model so that captions of one class find pictures of another,
				filters the poison out, cures the model, and shows each number as it is made. It takes about two minutes on two
				cores.
			</p>
			<div className={css.row}>
				<StartDemo />
				<ButtonLink href="/new">Set up a run of your own</ButtonLink>
			</div>
		</div>
	);
}

function Overview({ home }: { readonly home: Home }) {
	const now = Date.now();
	const alive = home.workers.filter(({ isAlive }) => isAlive).length;
	return (
		<div className={css.page}>
			<header className={css.row}>
				<h1>Home</h1>
				<p className={css.queue}>
					<span>
						<strong>{formatWhole(home.queue.running)}</strong> running
					</span>
					<span>
						<strong>{formatWhole(home.queue.depth)}</strong> queued
						{home.queue.oldestQueuedAt && `, the oldest since ${formatAgo(home.queue.oldestQueuedAt, now)}`}
					</span>
					<Link href="/workers" data-none={alive === 0}>
						{alive === 0 ? "no worker is alive" : `${alive} worker${alive === 1 ? "" : "s"}`}
					</Link>
				</p>
				<ButtonLink href="/new" icon="plus" look="primary">
					New run
				</ButtonLink>
			</header>
			<section className={css.section} aria-labelledby="running">
				<h2 id="running">Running now</h2>
				{home.running.nodes.length === 0 ? (
					<Empty title="Nothing is running">Start a run, or open a study and run what is missing.</Empty>
				) : (
					<ul className={css.running}>
						{home.running.nodes.map(({ id, number, name, status, progress }) => (
							<li key={id}>
								<Link href={`/run?n=${number}`}>
									<span className={css.number}>{number}</span> {name}
								</Link>
								<Status status={status} />
								<progress
									value={progress?.done ?? 0}
									max={progress?.total || 1}
									aria-label={`Progress of run ${number}`}
								/>
								<span className={facts.quiet}>
									{progress
										? `${progress.stage}, ${formatWhole(progress.done)} of ${formatWhole(progress.total)} steps`
										: "starting"}
								</span>
								<span className={css.left}>
									{progress?.secondsLeft != null && `${formatDuration(progress.secondsLeft)} left`}
								</span>
							</li>
						))}
					</ul>
				)}
			</section>
			<section className={css.section} aria-labelledby="ended">
				<h2 id="ended">Results, newest first</h2>
				{home.ended.nodes.length === 0 ? (
					<Empty title="No result yet" />
				) : (
					<ol className={css.results}>
						{home.ended.nodes.map((run) => (
							<Result key={run.id} run={run} now={now} />
						))}
					</ol>
				)}
			</section>
			<section className={css.section} aria-labelledby="studies">
				<h2 id="studies">Studies</h2>
				{home.studies.nodes.length === 0 && (
					<Empty title="No study yet">A study is a question and the runs that answer it.</Empty>
				)}
				<ul className={facts.list}>
					{home.studies.nodes.map(({ id, slug, name, question, counts }) => (
						<li key={id}>
							<Link href={`/study?s=${encodeURIComponent(slug)}`}>
								<strong>{name}</strong>
							</Link>
							<span className={facts.wide}>{question}</span>
							<span className={css.counts}>
								{counts.map(({ status, count }) => (
									<span key={status}>
										<Status status={status} bare /> {count}
									</span>
								))}
							</span>
						</li>
					))}
				</ul>
			</section>
		</div>
	);
}

/** One line per result: how far the attack went, and how far each defense brought it back. */
function Result({ run, now }: { readonly run: Ended; readonly now: number }) {
	const goal = run.goals.map(({ from, to }) => `${from} → ${to}`).join(", ");
	return (
		<li>
			<div className={css.what}>
				<Link href={`/run?n=${run.number}`}>
					<span className={css.number}>{run.number}</span> {formatName(run.config.attack.__typename)} {goal}
				</Link>
				<span className={facts.quiet}>{formatAgo(run.endedAt, now)}</span>
			</div>
			{run.status === "SUCCEEDED" ? (
				<dl className={css.hits}>
					{run.outcomes
						.filter(({ model }) => modelStyle(model).kind !== "base")
						.map(({ model, hitAt10 }) => (
							<div key={model}>
								<dt>
									<ModelMark model={model} />
								</dt>
								<dd>{formatShare(hitAt10)}</dd>
							</div>
						))}
				</dl>
			) : (
				<Status status={run.status} />
			)}
		</li>
	);
}
