"use client";
/** Data set versions, and the pairs of the one that is chosen. */
import { useQuery } from "urql";
import { graphql } from "../graphql/document.ts";
import { formatTime, formatWhole, shortHash } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import css from "./datasets.module.css";
import { PairBrowser } from "./pair-browser.tsx";

const DatasetsQuery = graphql(`
	query Datasets {
		datasets(first: 50) {
			nodes {
				id
				name
				hash
				classes
				imageSize
				createdAt
				counts {
					split
					count
				}
			}
		}
	}
`);

export function DatasetsPage() {
	const [chosen, choose] = useParameter("hash");
	const [result, ask] = useQuery({ query: DatasetsQuery, requestPolicy: "cache-and-network" });
	return (
		<Loaded
			result={result}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="row" lines={6} />}
		>
			{({ datasets: { nodes } }) => {
				const dataset = nodes.find(({ hash }) => hash === chosen) ?? nodes[0];
				if (!dataset)
					return (
						<Empty title="No data set is recorded yet">
							<p>A run records the data set it trains on. Start one, and its pairs can be looked at here.</p>
						</Empty>
					);
				return (
					<>
						<ul className={css.versions} aria-label="Versions">
							{nodes.map((one) => (
								<li key={one.hash}>
									<button type="button" aria-pressed={one === dataset} onClick={() => choose(one.hash)}>
										<strong>{one.name}</strong>
										<code>{shortHash(one.hash)}</code>
										<span>
											{one.counts.map(({ split, count }) => `${formatWhole(count)} ${split.toLowerCase()}`).join(", ")}
										</span>
										<span>
											{one.classes.length} classes, {one.imageSize} px, {formatTime(one.createdAt)}
										</span>
									</button>
								</li>
							))}
						</ul>
						<PairBrowser key={dataset.hash} hash={dataset.hash} classes={dataset.classes} />
					</>
				);
			}}
		</Loaded>
	);
}
