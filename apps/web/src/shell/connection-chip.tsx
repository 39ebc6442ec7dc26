"use client";
/** The state of the live feed in words, and the switch that pauses it. */
import { type Connection, type FeedStatus, useConnection } from "../live/connection.ts";
import { formatWhole } from "../ui/format.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import css from "./shell.module.css";

const icons: Readonly<Record<FeedStatus, IconName>> = {
	connecting: "clock",
	live: "pulse",
	replaying: "retry",
	reconnecting: "retry",
	paused: "pause",
	offline: "warning",
	refused: "warning",
	ended: "check",
};

/** What pressing the chip does, where it does not pause. */
const actions: Partial<Record<FeedStatus, string>> = {
	paused: "Resume live updates",
	refused: "Try again",
};

function words({ status, replayed, reason }: Connection): string {
	if (status === "replaying") return `replaying ${formatWhole(replayed)}`;
	if (status === "reconnecting") return "reconnecting";
	if (status === "offline") return "offline, waiting";
	if (status === "refused") return `not live: ${reason}`;
	if (status === "ended") return "complete";
	return status;
}

export function ConnectionChip() {
	const connection = useConnection();
	if (!connection) return null;
	const { status, toggle } = connection;
	const about = actions[status] ?? "Pause live updates";
	return (
		<button
			type="button"
			className={css.chip}
			data-status={status}
			title={status === "ended" ? "Everything is here" : about}
			disabled={status === "ended"}
			onClick={toggle}
		>
			<Icon name={icons[status]} size={14} />
			<span aria-live="polite">{words(connection)}</span>
			<span className="visually-hidden">{status === "ended" ? "" : about}</span>
		</button>
	);
}
