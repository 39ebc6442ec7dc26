"use client";
/** Imports, data set versions, and the pairs of the one that is chosen. */
import { type UseQueryState, useQuery } from "urql";
import { graphql, type ResultOf } from "../graphql/document.ts";
import { useFresh } from "../graphql/use-fresh.ts";
import { formatTime, formatWhole, shortHash } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { changeAddress, useParameter } from "../url.ts";
import css from "./datasets.module.css";
import { ImportForm } from "./import-form.tsx";
import { ImportList } from "./import-list.tsx";
import imports from "./imports.module.css";
import { ImportsQuery } from "./imports-query.ts";
import { PairBrowser } from "./pair-browser.tsx";
import { firstPage } from "./poisoned-browser.tsx";

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
	const [chosen] = useParameter("hash");
	// What is listed of one data set says nothing of another.
	const choose = (hash: string) => changeAddress({ hash, poison: null, class: null, text: null, ...firstPage });
	const [result, ask] = useQuery({ query: DatasetsQuery, requestPolicy: "cache-and-network" });
	return (
		<>
			<Imports onEnd={() => ask({ requestPolicy: "network-only" })} />
			<Versions result={result} retry={() => ask({ requestPolicy: "network-only" })} chosen={chosen} choose={choose} />
		</>
	);
}

/** @param onEnd Called when an import ends: there may be a new version. */
function Imports({ onEnd }: { readonly onEnd: () => void }) {
	const [result, ask] = useFresh({ query: ImportsQuery, variables: {}, every: 15_000 });
	const nodes = result.data?.datasetImports.nodes ?? [];
	return (
		<>
			<details className={imports.panel}>
				<summary>Import a data set</summary>
				<ImportForm onAsked={ask} />
			</details>
			{nodes.length > 0 && (
				<ImportList
					imports={nodes}
					onEnd={() => {
						ask();
						onEnd();
					}}
				/>
			)}
		</>
	);
}

interface VersionsProps {
	readonly result: UseQueryState<ResultOf<typeof DatasetsQuery>>;
	readonly retry: () => void;
	readonly chosen: string;
	readonly choose: (hash: string) => void;
}

function Versions({ result, retry, chosen, choose }: VersionsProps) {
	return (
		<Loaded result={result} retry={retry} skeleton={<Skeleton shape="row" lines={6} />}>
			{({ datasets: { nodes } }) => {
				const dataset = nodes.find(({ hash }) => hash === chosen) ?? nodes[0];
				if (!dataset)
					return (
						<Empty title="No data set is recorded yet">
							<p>
								A run records the data set it trains on, and an import the one it makes. Start either, and its pairs can
								be looked at here.
							</p>
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
