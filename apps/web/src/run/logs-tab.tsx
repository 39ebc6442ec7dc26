"use client";
/** What the run said, oldest first, followed live. */
import { useQuery } from "urql";
import { ListFrame } from "../charts/list-frame.tsx";
import { graphql } from "../graphql/document.ts";
import type { LogLine } from "../live/run-state.ts";
import { Button } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import { Empty, Loaded } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import css from "./run.module.css";
import type { TabProps } from "./run-query.ts";

const LogsQuery = graphql(`
	query RunLogs($number: Int!) {
		run(number: $number) {
			id
			logs(first: 100) {
				pageInfo {
					hasNextPage
				}
				nodes {
					at
					level
					message
				}
			}
		}
	}
`);

const time = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const same = (a: LogLine) => `${a.at} ${a.message}`;

export default function LogsTab({ run, live }: TabProps) {
	const [result] = useQuery({ query: LogsQuery, variables: { number: run.number }, requestPolicy: "network-only" });
	const [level, setLevel] = useParameter("level", "all");
	return (
		<Loaded result={result}>
			{(data) => {
				const stored = data.run?.logs.nodes ?? [];
				const known = new Set(stored.map(same));
				const lines = [...stored, ...(live?.logs ?? []).filter((line) => !known.has(same(line)))];
				const shown = lines.filter((line) => level === "all" || line.level !== "INFO");
				return (
					<div className={css.section}>
						<ListFrame
							title="Lines of the log"
							isTitleHidden
							operation={{ document: LogsQuery, variables: { number: run.number } }}
							table={() => ({
								columns: ["at", "level", "message"],
								rows: shown.map((line) => [line.at, line.level.toLowerCase(), line.message]),
							})}
							controls={
								<Button aria-pressed={level !== "all"} onClick={() => setLevel(level === "all" ? "warn" : null)}>
									Warnings and errors only
								</Button>
							}
						>
							{data.run?.logs.pageInfo.hasNextPage && (
								<p className={css.note}>The first 100 lines, and those since the page was opened.</p>
							)}
							{shown.length === 0 ? (
								<Empty title="Nothing was said">Lines appear here as the run writes them.</Empty>
							) : (
								<ol className={facts.list}>
									{shown.map((line) => (
										<li key={same(line)}>
											<time className={facts.quiet} dateTime={line.at}>
												{time.format(new Date(line.at))}
											</time>
											{line.level !== "INFO" && <strong>{line.level.toLowerCase()}</strong>}
											<code className={facts.wide}>{line.message}</code>
										</li>
									))}
								</ol>
							)}
						</ListFrame>
					</div>
				);
			}}
		</Loaded>
	);
}
