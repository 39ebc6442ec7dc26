"use client";
/** Images with their captions, by split, class and text, a page at a time. */
import { useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../graphql/document.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { formatWhole } from "../ui/format.ts";
import { Picture } from "../ui/picture.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import css from "./datasets.module.css";

const PairsQuery = graphql(`
	query Pairs($hash: Sha256!, $split: SplitName!, $filter: PairFilter, $after: Cursor) {
		dataset(hash: $hash) {
			id
			pairs(split: $split, filter: $filter, first: 30, after: $after) {
				totalCount
				pageInfo {
					hasNextPage
					endCursor
				}
				nodes {
					id
					sample
					class
					captions
					image {
						url
						width
						height
					}
				}
			}
		}
	}
`);

const splits = { TRAIN: "Training", TEST: "Test", TRUSTED: "Trusted" } as const;
type Split = keyof typeof splits;

export function PairBrowser({ hash, classes }: { readonly hash: string; readonly classes: readonly string[] }) {
	const [chosen, setSplit] = useParameter("split", "TRAIN");
	const [name, setName] = useParameter("class");
	const [text, setText] = useParameter("text");
	const split = chosen in splits ? (chosen as Split) : "TRAIN";
	return (
		<section aria-label="Pairs">
			<div className={css.filters}>
				<Field label="Split">
					{(control) => (
						<select {...control} value={split} onChange={({ target }) => setSplit(target.value)}>
							{Object.entries(splits).map(([value, title]) => (
								<option key={value} value={value}>
									{title}
								</option>
							))}
						</select>
					)}
				</Field>
				<Field label="Class">
					{(control) => (
						<select {...control} value={name} onChange={({ target }) => setName(target.value)}>
							<option value="">all, and those without one</option>
							{classes.map((one) => (
								<option key={one}>{one}</option>
							))}
						</select>
					)}
				</Field>
				<Field label="Caption contains">
					{(control) => (
						<input {...control} type="search" defaultValue={text} onChange={({ target }) => setText(target.value)} />
					)}
				</Field>
			</div>
			<Pages key={`${split} ${name} ${text}`} hash={hash} split={split} name={name} text={text} />
		</section>
	);
}

interface PagesProps {
	readonly hash: string;
	readonly split: Split;
	readonly name: string;
	readonly text: string;
}

function Pages({ hash, split, name, text }: PagesProps) {
	const [after, setAfter] = useState<readonly (string | null)[]>([null]);
	return (
		<>
			{after.map((cursor, at) => (
				<Page
					key={cursor ?? "first"}
					{...{ hash, split, name, text, cursor }}
					isLast={at === after.length - 1}
					onMore={(next) => setAfter([...after, next])}
				/>
			))}
		</>
	);
}

interface PageProps extends PagesProps {
	readonly cursor: string | null;
	readonly isLast: boolean;
	readonly onMore: (cursor: string) => void;
}

function Page({ hash, split, name, text, cursor, isLast, onMore }: PageProps) {
	const filter = { ...(name !== "" && { class: name }), ...(text !== "" && { text }) };
	const [result, ask] = useQuery({ query: PairsQuery, variables: { hash, split, filter, after: cursor } });
	return (
		<Loaded
			result={result}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="row" lines={6} />}
		>
			{({ dataset }) => {
				const pairs = dataset?.pairs;
				if (!pairs || pairs.nodes.length === 0) return <Empty title="No pair is like this" />;
				const { hasNextPage, endCursor } = pairs.pageInfo;
				return (
					<>
						{cursor === null && <p className={css.count}>{formatWhole(pairs.totalCount)} pairs</p>}
						<ul className={css.pairs}>
							{pairs.nodes.map((pair) => (
								<li key={pair.id}>
									<Picture image={pair.image} alt={pair.class ?? "unlabelled"} />
									<div>
										<p className={css.about}>
											{pair.class ?? "no label"} <code>{pair.sample}</code>
										</p>
										<ol>
											{pair.captions.map((caption) => (
												<li key={caption}>{caption}</li>
											))}
										</ol>
									</div>
								</li>
							))}
						</ul>
						{isLast && hasNextPage && endCursor && <Button onClick={() => onMore(endCursor)}>Show more</Button>}
					</>
				);
			}}
		</Loaded>
	);
}
