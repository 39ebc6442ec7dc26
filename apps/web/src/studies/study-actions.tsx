"use client";
/** What can be done to a study: run what it lacks, retry what failed, see its runs. */
import { useMutation } from "urql";
import { toast } from "../shell/toasts.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { formatWhole } from "../ui/format.ts";
import css from "./studies.module.css";
import { RetryFailed, StartMissing, type Study } from "./study-query.ts";

interface ActionsProps {
	readonly study: Study;
	readonly refresh: () => void;
}

const queued = (count: number) => `${formatWhole(count)} ${count === 1 ? "run is" : "runs are"} queued`;

export function StudyActions({ study, refresh }: ActionsProps) {
	const [{ fetching: isStarting }, start] = useMutation(StartMissing);
	const [{ fetching: isRetrying }, retry] = useMutation(RetryFailed);
	const missing = study.missing.reduce((sum, { seeds }) => sum + seeds.length, 0);
	const failed = study.cells
		.flatMap(({ runs }) => runs)
		.filter(({ status }) => status === "FAILED" || status === "QUARANTINED");
	const startMissing = async () => {
		// The server starts no run twice: a new key for every press lets what is missing again be started again.
		const input = { idempotencyKey: crypto.randomUUID(), studyId: study.id };
		const { data, error } = await start({ input });
		const said = data?.startMissingRuns;
		toast(error?.message ?? said?.errors[0]?.message ?? queued(said?.count ?? 0));
		refresh();
	};
	const retryFailed = async () => {
		const { data, error } = await retry({ input: { ids: failed.map(({ id }) => id) } });
		const said = data?.retryRuns;
		toast(error?.message ?? said?.errors[0]?.message ?? `${queued(said?.count ?? 0)} again`);
		refresh();
	};
	return (
		<div className={css.actions}>
			{missing > 0 && study.viewerCanEdit && (
				<Button icon="play" disabled={isStarting} onClick={startMissing}>
					Run {formatWhole(missing)} missing
				</Button>
			)}
			{failed.length > 0 && study.viewerCanEdit && (
				<Button icon="retry" disabled={isRetrying} onClick={retryFailed}>
					Retry {formatWhole(failed.length)} failed
				</Button>
			)}
			<ButtonLink icon="rows" href={`/runs?study=${encodeURIComponent(study.id)}`}>
				Runs
			</ButtonLink>
		</div>
	);
}
