"use client";
/** One model's ranked pictures for a query; a picture that changes its rank moves to its new place. */
import { type ReactNode, type RefObject, useLayoutEffect, useRef } from "react";
import { formatNumber, formatWhole } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { ModelMark } from "../ui/model-mark.tsx";
import { Picture } from "../ui/picture.tsx";
import { Skeleton } from "../ui/states.tsx";
import css from "./retrieval.module.css";
import type { Item } from "./retrieval-query.ts";

interface RowProps {
	readonly model: string;
	/** When it was measured, in words; empty where it was not. */
	readonly when: string;
	readonly items: readonly Item[] | undefined;
	/** Zero-based rank of the best target in the whole gallery; undefined while unknown. */
	readonly rank: number | undefined;
	/** Stands for pictures where there are none. */
	readonly absence?: string | undefined;
	readonly isBusy?: boolean;
	/** What the row is called; the model and when it was measured where it is left out. */
	readonly label?: string;
	/** Stands in the place of the model's name, where a row says more than that. */
	readonly head?: ReactNode;
}

export function RetrievalRow({ model, when, items, rank, absence, isBusy = false, label, head }: RowProps) {
	const list = useRef<HTMLOListElement>(null);
	useMoves(list);
	const isHit = rank !== undefined && items !== undefined && rank >= 0 && rank < items.length;
	return (
		<section className={css.row} aria-label={label ?? `${model}, ${when}`} aria-busy={isBusy}>
			<header>
				{head ?? <ModelMark model={model} />}
				{when !== "" && <span className={css.when}>{when}</span>}
				{rank !== undefined && rank >= 0 && (
					<span className={css.rank} data-hit={isHit}>
						{isHit && <Icon name="warning" size={14} />}
						best target at rank {formatWhole(rank)}
						{!isHit && items && `, outside of the first ${items.length}`}
					</span>
				)}
			</header>
			{absence ? (
				<p className={css.absence}>{absence}</p>
			) : items ? (
				<ol ref={list}>
					{items.map((item) => (
						<Found key={item.sample} item={item} />
					))}
				</ol>
			) : (
				<Skeleton shape="row" lines={2} />
			)}
		</section>
	);
}

function Found({ item }: { readonly item: Item }) {
	const role = item.isTarget ? "target" : item.isTrueClass ? "true" : "other";
	return (
		<li className={css.item} data-role={role} data-sample={item.sample}>
			{item.image && <Picture image={item.image} alt={`${item.class ?? "unlabelled"}, ${item.sample}`} />}
			{role !== "other" && (
				<span className={css.badge}>
					<Icon name={item.isTarget ? "warning" : "check"} size={12} />
					{item.isTarget ? "target" : "true"}
				</span>
			)}
			{!item.image && <span className={css.text}>{item.caption ?? item.sample}</span>}
			<span className={css.about}>
				<strong>{item.rank}</strong>
				<span title="Cosine of the angle between caption and picture">
					{item.similarity !== null && formatNumber(item.similarity)}
				</span>
			</span>
			<span className={css.class}>{item.class ?? "unlabelled"}</span>
		</li>
	);
}

/** Milliseconds that a picture takes to its new rank. */
const travel = 240;

/** Lets the list's entries, known by `data-sample`, travel from where they were drawn before to where they are now. */
function useMoves(list: RefObject<HTMLOListElement | null>): void {
	const before = useRef(new Map<string, readonly [number, number]>());
	useLayoutEffect(() => {
		const now = new Map<string, readonly [number, number]>();
		const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
		for (const entry of list.current?.children ?? []) {
			if (!(entry instanceof HTMLElement)) continue;
			const place = [entry.offsetLeft, entry.offsetTop] as const;
			const sample = entry.dataset.sample ?? "";
			now.set(sample, place);
			const old = before.current.get(sample);
			if (isStill || before.current.size === 0) continue;
			if (!old) entry.animate([{ opacity: 0 }, { opacity: 1 }], { duration: travel });
			else if (old[0] !== place[0] || old[1] !== place[1])
				entry.animate([{ transform: `translate(${old[0] - place[0]}px, ${old[1] - place[1]}px)` }, {}], {
					duration: travel,
					easing: "ease-out",
				});
		}
		before.current = now;
	});
}
