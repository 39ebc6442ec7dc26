/** The state of a run as icon and word. */
import { Icon, type IconName } from "./icon.tsx";
import css from "./ui.module.css";

export type RunStatus = "QUEUED" | "RUNNING" | "PAUSED" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "QUARANTINED";

export const statuses: readonly RunStatus[] = [
	"RUNNING",
	"QUEUED",
	"PAUSED",
	"SUCCEEDED",
	"FAILED",
	"CANCELLED",
	"QUARANTINED",
];

const looks: Readonly<Record<RunStatus, { readonly icon: IconName; readonly word: string }>> = {
	QUEUED: { icon: "clock", word: "queued" },
	RUNNING: { icon: "pulse", word: "running" },
	PAUSED: { icon: "pause", word: "paused" },
	SUCCEEDED: { icon: "check", word: "succeeded" },
	FAILED: { icon: "cross", word: "failed" },
	CANCELLED: { icon: "stop", word: "cancelled" },
	QUARANTINED: { icon: "warning", word: "quarantined" },
};

export const statusWord = (status: RunStatus) => looks[status].word;
export const isEnded = (status: RunStatus) =>
	status === "SUCCEEDED" || status === "FAILED" || status === "CANCELLED" || status === "QUARANTINED";

export function Status({ status, bare = false }: { readonly status: RunStatus; readonly bare?: boolean }) {
	const { icon, word } = looks[status];
	return (
		<span className={css.status} data-status={status} title={bare ? word : undefined}>
			<Icon name={icon} size={14} />
			<span className={bare ? "visually-hidden" : undefined}>{word}</span>
		</span>
	);
}
