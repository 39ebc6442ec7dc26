"use client";
/** State, progress and the few things that can be done to a run. */
import Link from "next/link";
import { useMutation } from "urql";
import { graphql } from "../graphql/document.ts";
import type { RunState } from "../live/run-state.ts";
import { toast } from "../shell/toasts.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { formatDuration, formatName, formatShare, formatTime, formatWhole } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { isEnded, Status } from "../ui/status.tsx";
import css from "./run.module.css";
import type { Run } from "./run-query.ts";

const PauseRun = graphql(`
	mutation PauseRun($ids: [ID!]!) {
		pauseRuns(input: { ids: $ids }) {
			count
		}
	}
`);

const ResumeRun = graphql(`
	mutation ResumeRun($ids: [ID!]!) {
		resumeRuns(input: { ids: $ids }) {
			count
		}
	}
`);

const CancelRun = graphql(`
	mutation CancelRun($ids: [ID!]!) {
		cancelRuns(input: { ids: $ids }) {
			count
		}
	}
`);

interface HeaderProps {
	readonly run: Run;
	readonly live: RunState | null;
	readonly refresh: () => void;
}

export function RunCrumbs({ study }: Pick<Run, "study">) {
	return (
		<p className={css.crumbs}>
			<Link href="/runs" prefetch={false}>
				Runs
			</Link>
			{study && (
				<>
					<Icon name="right" size={12} />
					<Link href={`/study?s=${encodeURIComponent(study.slug)}`} prefetch={false}>
						{study.name}
					</Link>
				</>
			)}
		</p>
	);
}

export function RunHeader({ run, live, refresh }: HeaderProps) {
	const status = live?.status ?? run.status;
	const progress = isEnded(status) ? null : (live?.progress ?? run.progress);
	return (
		<header className={css.header}>
			<div className={css.title}>
				<RunCrumbs study={run.study} />
				<h1>
					<span className={css.number}>{run.number}</span> {run.name}
				</h1>
				<p className={css.facts}>
					<Status status={status} />
					<span>{formatName(run.config.attack.__typename)}</span>
					{run.goals.map(({ from, to }) => (
						<span key={from}>
							{from} → {to}
						</span>
					))}
					{run.poisonShare !== null && <span>{formatShare(run.poisonShare)} poisoned</span>}
					<span>seed {run.seed}</span>
					{run.attempt > 1 && <span>attempt {run.attempt}</span>}
					<span>{run.endedAt ? `ended ${formatTime(run.endedAt)}` : `created ${formatTime(run.createdAt)}`}</span>
				</p>
			</div>
			<Actions run={run} status={status} refresh={refresh} />
			{progress && <Progress {...progress} />}
			{run.error && (
				<p className={css.error}>
					<Icon name="warning" />
					<span>
						<strong>{run.error.code}</strong>: {run.error.message}
					</span>
				</p>
			)}
		</header>
	);
}

function Progress({ stage, done, total, secondsLeft }: NonNullable<RunState["progress"]>) {
	const share = total > 0 ? done / total : 0;
	return (
		<div className={css.progress}>
			<progress value={done} max={total || 1} aria-label={`${stage} model`} />
			<span>
				{stage} · {formatWhole(done)} of {formatWhole(total)} steps · {Math.floor(share * 100)}%
			</span>
			<span className={css.left}>{secondsLeft !== null && `${formatDuration(secondsLeft)} left`}</span>
		</div>
	);
}

function Actions({
	run,
	status,
	refresh,
}: {
	readonly run: Run;
	readonly status: Run["status"];
	readonly refresh: () => void;
}) {
	const [, pause] = useMutation(PauseRun);
	const [, resume] = useMutation(ResumeRun);
	const [, cancel] = useMutation(CancelRun);
	const act = (action: typeof pause | typeof resume | typeof cancel, words: string) => async () => {
		const { error } = await action({ ids: [run.id] });
		toast(error ? error.message : words);
		refresh();
	};
	return (
		<div className={css.actions}>
			{run.viewerCanCancel && (status === "RUNNING" || status === "QUEUED") && (
				<Button icon="pause" onClick={act(pause, `Run ${run.number} pauses at its next checkpoint`)}>
					Pause
				</Button>
			)}
			{run.viewerCanCancel && status === "PAUSED" && (
				<Button icon="play" onClick={act(resume, `Run ${run.number} is queued again`)}>
					Resume
				</Button>
			)}
			{run.viewerCanCancel && !isEnded(status) && (
				<Button icon="stop" onClick={act(cancel, `Run ${run.number} is being cancelled`)}>
					Cancel
				</Button>
			)}
			<ButtonLink icon="compare" href={`/compare?runs=${run.number}`}>
				Compare
			</ButtonLink>
			<ButtonLink icon="copy" href={`/new?from=${run.number}`}>
				New from this
			</ButtonLink>
		</div>
	);
}
