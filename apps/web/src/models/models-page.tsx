"use client";
/** Models that can be retrieved with: those that came with the software, and those that runs have made. */
import Link from "next/link";
import { useState } from "react";
import { useQuery } from "urql";
import { ListFrame } from "../charts/list-frame.tsx";
import { graphql } from "../graphql/document.ts";
import { Button } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import { formatBytes, formatTime, shortHash } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";

const ModelsQuery = graphql(`
	query Models($first: Int!) {
		models(first: $first) {
			pageInfo {
				hasNextPage
			}
			nodes {
				id
				name
				stage
				step
				sha256
				bytes
				createdAt
				isShipped
				run {
					number
					name
				}
				files {
					name
					url
					bytes
				}
			}
		}
	}
`);

/** A page of the list, and the most that the server hands out at once. */
const page = 30;
const most = 100;

export function ModelsPage() {
	const [first, setFirst] = useState(page);
	const [result, ask] = useQuery({ query: ModelsQuery, variables: { first }, requestPolicy: "cache-and-network" });
	return (
		<Loaded
			result={result}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="row" lines={8} />}
		>
			{({ models: { nodes, pageInfo } }) =>
				nodes.length === 0 ? (
					<Empty title="There is no model yet" />
				) : (
					<>
						<ListFrame
							title="Models"
							isTitleHidden
							operation={{ document: ModelsQuery, variables: { first } }}
							table={() => ({
								columns: ["model", "stage", "run", "step", "made", "sha256", "bytes"],
								rows: nodes.map(({ name, stage, run, step, createdAt, sha256, bytes }) => [
									name,
									stage,
									run?.number ?? null,
									step,
									createdAt,
									sha256,
									bytes,
								]),
							})}
						>
							<ul className={facts.list}>
								{nodes.map((model) => (
									<li key={model.id}>
										<ModelMark model={model.stage ?? model.name} label={model.name} />
										<span className={facts.wide}>
											{model.isShipped && "came with the software"}
											{model.run && (
												<Link href={`/run?n=${model.run.number}`}>
													run {model.run.number}, {model.run.name}
												</Link>
											)}
											{model.step !== null && `, after step ${model.step}`}
										</span>
										<span className={facts.quiet}>{formatTime(model.createdAt)}</span>
										<code className={facts.quiet}>{shortHash(model.sha256)}</code>
										<span>{formatBytes(model.bytes)}</span>
										<details>
											<summary>{model.files.length} files</summary>
											<ul>
												{model.files.map(({ name, url, bytes }) => (
													<li key={name}>
														<a href={url} download={name}>
															{name}
														</a>{" "}
														{formatBytes(bytes)}
													</li>
												))}
											</ul>
										</details>
									</li>
								))}
							</ul>
						</ListFrame>
						{pageInfo.hasNextPage && first < most && (
							<Button onClick={() => setFirst(Math.min(most, first + page))}>Show more</Button>
						)}
					</>
				)
			}
		</Loaded>
	);
}
