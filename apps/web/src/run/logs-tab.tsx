"use client";
/** What the run said, oldest first, followed live. */
import { ListFrame } from "../charts/list-frame.tsx";
import { graphql } from "../graphql/document.ts";
import { usePages } from "../graphql/use-pages.ts";
import type { LogLine } from "../live/run-state.ts";
import { Button } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import { formatWhole } from "../ui/format.ts";
import { Empty, Failure, Skeleton } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import css from "./run.module.css";
import type { TabProps } from "./run-query.ts";

const LogsQuery = graphql(`
	query RunLogs($number: Int!, $first: Int!, $after: Cursor) {
		run(number: $number) {
			id
			logs(first: $first, after: $after) {
				totalCount
				pageInfo {
					hasNextPage
					endCursor
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
/** Of a run that is not there. */
const nothing = { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };

export default function LogsTab({ run, live }: TabProps) {
	const variables = { number: run.number, first: 100 };
	const pages = usePages({
		query: LogsQuery,
		variables,
		pageOf: (data) => data.run?.logs ?? nothing,
		idOf: same,
		// The oldest lines come first, and new ones by the feed.
		isKeptFresh: false,
	});
	const [level, setLevel] = useParameter("level", "all");
	if (pages.error && pages.rows.length === 0) return <Failure error={pages.error} retry={pages.refresh} />;
	if (!pages.isLoaded) return <Skeleton lines={5} />;
	const known = new Set(pages.rows.map(same));
	const later = (live?.logs ?? []).filter((line) => !known.has(same(line)));
	const isShown = (line: LogLine) => level === "all" || line.level !== "INFO";
	const [stored, heard] = [pages.rows.filter(isShown), later.filter(isShown)];
	return (
		<div className={css.section}>
			<ListFrame
				title="Lines of the log"
				isTitleHidden
				operation={{ document: LogsQuery, variables }}
				table={() => ({
					columns: ["at", "level", "message"],
					rows: [...stored, ...heard].map((line) => [line.at, line.level.toLowerCase(), line.message]),
				})}
				controls={
					<Button aria-pressed={level !== "all"} onClick={() => setLevel(level === "all" ? "warn" : null)}>
						Warnings and errors only
					</Button>
				}
			>
				{stored.length + heard.length === 0 && !pages.hasMore && (
					<Empty title="Nothing was said">Lines appear here as the run writes them.</Empty>
				)}
				<Lines lines={stored} />
				{pages.hasMore && (
					<p className={css.note}>
						<Button onClick={pages.more}>
							Show more of {pages.total === null ? "the" : `${formatWhole(pages.total)}`} lines
						</Button>
						{heard.length > 0 && " Below are those since the page was opened."}
					</p>
				)}
				<Lines lines={heard} />
			</ListFrame>
		</div>
	);
}

function Lines({ lines }: { readonly lines: readonly LogLine[] }) {
	if (lines.length === 0) return null;
	return (
		<ol className={facts.list}>
			{lines.map((line) => (
				<li key={same(line)}>
					<time className={facts.quiet} dateTime={line.at}>
						{time.format(new Date(line.at))}
					</time>
					{line.level !== "INFO" && <strong>{line.level.toLowerCase()}</strong>}
					<code className={facts.wide}>{line.message}</code>
				</li>
			))}
		</ol>
	);
}
