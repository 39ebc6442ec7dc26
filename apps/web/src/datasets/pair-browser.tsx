"use client";
/** Images with their captions, by split, class and text, as they were made or as an attack left them. */
import { useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../graphql/document.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { formatName, formatShare, formatWhole } from "../ui/format.ts";
import { Picture } from "../ui/picture.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { changeAddress, useParameter } from "../url.ts";
import css from "./datasets.module.css";
import { type Poisoning, PoisoningsQuery } from "./poison-query.ts";
import { firstPage, PoisonedBrowser } from "./poisoned-browser.tsx";

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

interface BrowserProps {
	readonly hash: string;
	readonly classes: readonly string[];
}

export function PairBrowser({ hash, classes }: BrowserProps) {
	const [chosen] = useParameter("split", "TRAIN");
	const [name] = useParameter("class");
	const [text] = useParameter("text");
	const [poison] = useParameter("poison");
	const [{ data }] = useQuery({ query: PoisoningsQuery, variables: { hash }, requestPolicy: "cache-and-network" });
	const poisonings = data?.dataset?.runs.nodes.filter(({ poisonShare }) => poisonShare !== null) ?? [];
	const number = /^\d+$/.test(poison) ? Number(poison) : null;
	const attacked = new Set(poisonings.find((run) => run.number === number)?.goals.map(({ from }) => from));
	const split = chosen in splits ? (chosen as Split) : "TRAIN";
	/** Another list begins on its first page; the address names its data set, which need not stay the newest. */
	const set = (parameter: string) => (value: string) => changeAddress({ hash, [parameter]: value, ...firstPage });
	return (
		<section aria-label="Pairs">
			<div className={css.filters}>
				<Field label="Poisoned by">
					{(control) => (
						<select {...control} value={number ?? ""} onChange={({ target }) => set("poison")(target.value)}>
							<option value="">no run: as it was made</option>
							{poisonings.map((run) => (
								<option key={run.number} value={run.number}>
									{poisoningTitle(run)}
								</option>
							))}
							{number !== null && !poisonings.some((run) => run.number === number) && (
								<option value={number}>run {number}</option>
							)}
						</select>
					)}
				</Field>
				{number === null && (
					<Field label="Split">
						{(control) => (
							<select {...control} value={split} onChange={({ target }) => set("split")(target.value)}>
								{Object.entries(splits).map(([value, title]) => (
									<option key={value} value={value}>
										{title}
									</option>
								))}
							</select>
						)}
					</Field>
				)}
				<Field label="Class">
					{(control) => (
						<select {...control} value={name} onChange={({ target }) => set("class")(target.value)}>
							<option value="">all, and those without one</option>
							{classes.map((one) => (
								<option key={one} value={one}>
									{one}
									{attacked.has(one) && ", attacked"}
								</option>
							))}
						</select>
					)}
				</Field>
				<Field label="Caption contains">
					{(control) => (
						<input
							{...control}
							type="search"
							defaultValue={text}
							onChange={({ target }) => set("text")(target.value)}
						/>
					)}
				</Field>
			</div>
			{number === null ? (
				<Pages key={`${split} ${name} ${text}`} hash={hash} split={split} name={name} text={text} />
			) : (
				<PoisonedBrowser number={number} hash={hash} name={name} text={text} />
			)}
		</section>
	);
}

const poisoningTitle = ({ number, seed, goals, poisonShare, config }: Poisoning) =>
	`run ${number}: ${formatName(config.attack.__typename)}, ${goals
		.map(({ from, to }) => `${from} → ${to}`)
		.join(", ")}, ${formatShare(poisonShare)}, seed ${seed}`;

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
