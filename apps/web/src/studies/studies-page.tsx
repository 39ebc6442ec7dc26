"use client";
/** All studies: the question, how far its runs are, and what came out so far. */
import dynamic from "next/dynamic";
import Link from "next/link";
import { graphql } from "../graphql/document.ts";
import { useFresh } from "../graphql/use-fresh.ts";
import facts from "../ui/facts.module.css";
import { formatTime } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import css from "./studies.module.css";

const StudyCatalog = dynamic(() => import("./study-catalog.tsx"), {
	ssr: false,
	loading: () => <Skeleton shape="row" lines={8} />,
});

const StudiesQuery = graphql(`
	query Studies {
		studies(first: 100) {
			totalCount
			nodes {
				id
				slug
				name
				question
				tags
				createdAt
				counts {
					status
					count
				}
			}
		}
	}
`);

export function StudiesPage() {
	const [result, ask] = useFresh({ query: StudiesQuery, variables: {} });
	return (
		<div className={css.page}>
			<h1>Studies</h1>
			<Loaded result={result} retry={ask}>
				{({ studies }) =>
					studies.nodes.length === 0 ? (
						<Empty title="No study yet">
							A study is a question and the runs that answer it, over a grid of settings and seeds.
						</Empty>
					) : (
						<ul className={css.studies}>
							{studies.nodes.map(({ id, slug, name, question, tags, createdAt, counts }) => {
								const all = counts.reduce((sum, { count }) => sum + count, 0);
								const done = counts.find(({ status }) => status === "SUCCEEDED")?.count ?? 0;
								return (
									<li key={id}>
										<h2>
											<Link href={`/study?s=${encodeURIComponent(slug)}`}>{name}</Link>
										</h2>
										<p>{question}</p>
										<progress value={done} max={all || 1} aria-label={`${done} of ${all} runs succeeded`} />
										<p className={css.counts}>
											{counts.map(({ status, count }) => (
												<span key={status}>
													{count} <Status status={status} />
												</span>
											))}
										</p>
										<p className={facts.quiet}>
											since {formatTime(createdAt)}
											{tags.length > 0 && ` · ${tags.join(", ")}`}
										</p>
									</li>
								);
							})}
						</ul>
					)
				}
			</Loaded>
			<StudyCatalog />
		</div>
	);
}
