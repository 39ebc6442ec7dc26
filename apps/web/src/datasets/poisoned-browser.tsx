"use client";
/** The pairs that a run's attack changed, a page at a time; the page is part of the address. */
import Link from "next/link";
import { useQuery } from "urql";
import { Button } from "../ui/button.tsx";
import { formatShare, formatWhole } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { changeAddress, useParameter } from "../url.ts";
import css from "./datasets.module.css";
import { PairChange } from "./pair-change.tsx";
import { PoisonedPairsQuery } from "./poison-query.ts";

/** Pairs of a page. */
const size = 24;

/** Parameters of the address that name a page; a change of what is listed takes them away. */
export const firstPage = { page: null, after: null, before: null } as const;

interface BrowserProps {
	/** Number of the run. */
	readonly number: number;
	/** The data set that is looked at. */
	readonly hash: string;
	readonly name: string;
	readonly text: string;
}

export function PoisonedBrowser({ number, hash, name, text }: BrowserProps) {
	const [after] = useParameter("after");
	const [before] = useParameter("before");
	const [page] = useParameter("page", "1");
	const [result, ask] = useQuery({
		query: PoisonedPairsQuery,
		variables: {
			number,
			filter: { ...(name !== "" && { class: name }), ...(text !== "" && { text }) },
			...(before === "" ? { first: size, ...(after !== "" && { after }) } : { last: size, before }),
		},
	});
	const at = Math.max(1, Number.parseInt(page, 10) || 1);
	return (
		<Loaded
			result={result}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="row" lines={6} />}
		>
			{({ run }) => {
				if (!run) return <Empty title={`There is no run ${number}`} />;
				if (run.dataset && run.dataset.hash !== hash)
					return (
						<Empty title={`Run ${number} poisoned another data set`}>
							<Link href={`/datasets?hash=${run.dataset.hash}&poison=${number}`}>See its pairs there</Link>
						</Empty>
					);
				const { nodes, totalCount, pageInfo } = run.poisonedPairs;
				if (nodes.length === 0)
					return (
						<Empty title={run.poisonShare === null ? "Nothing is poisoned yet" : "No poisoned pair is like this"}>
							{run.poisonShare === null && <p>The attack edits the training pairs when the run begins.</p>}
						</Empty>
					);
				const pages = Math.ceil((totalCount ?? 0) / size);
				return (
					<>
						<p className={css.count}>
							{formatWhole(totalCount)} poisoned pairs{(name !== "" || text !== "") && " like this"}.{" "}
							<Link href={`/run?n=${number}&tab=pairs`}>Run {number}</Link> poisoned {formatShare(run.poisonShare)} of
							its training pairs; what is struck through is trained on no more.
						</p>
						<ul className={css.changes}>
							{nodes.map((pair) => (
								<PairChange key={`${pair.sample} ${pair.kind}`} {...pair} />
							))}
						</ul>
						{pages > 1 && (
							<nav className={css.paging} aria-label="Pages of poisoned pairs">
								<Button
									disabled={!pageInfo.hasPreviousPage || at === 1}
									// Where the second page is left, the first is the plain address.
									onClick={() =>
										changeAddress({
											page: at > 2 ? String(at - 1) : null,
											after: null,
											before: at > 2 ? pageInfo.startCursor : null,
										})
									}
								>
									Previous
								</Button>
								<span aria-live="polite">
									Page {formatWhole(at)} of {formatWhole(pages)}
								</span>
								<Button
									disabled={!pageInfo.hasNextPage}
									onClick={() => changeAddress({ page: String(at + 1), after: pageInfo.endCursor, before: null })}
								>
									Next
								</Button>
							</nav>
						)}
					</>
				);
			}}
		</Loaded>
	);
}
