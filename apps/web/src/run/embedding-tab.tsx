"use client";
/** Where images and captions lie under each model, in one plane that is fitted once and stays; poisoned pairs are joined. */
import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { ChartFrame } from "../charts/frame.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { formatNumber, formatShare, formatWhole } from "../ui/format.ts";
import { modelStyle } from "../ui/models.ts";
import { Picture } from "../ui/picture.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import ui from "../ui/ui.module.css";
import { useParameter } from "../url.ts";
import css from "./embedding.module.css";
import { disc, EmbeddingDrawing, partOf, saltire } from "./embedding-drawing.tsx";
import { type EmbeddingMap, EmbeddingMapQuery, type Point } from "./embedding-query.ts";
import { GoalChoice, goalKey } from "./goal-choice.tsx";
import { ProbesQuery } from "./retrieval-query.ts";
import run from "./run.module.css";
import type { Run, TabProps } from "./run-query.ts";

interface PlacedModel {
	readonly id: string;
	readonly name: string;
}

export default function EmbeddingTab({ run: shown }: TabProps) {
	const [result, ask] = useQuery({
		query: ProbesQuery,
		variables: { number: shown.number },
		requestPolicy: "cache-and-network",
	});
	return (
		<Loaded
			result={result}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="chart" lines={2} />}
		>
			{(data) => {
				const models = (data.run?.evaluations ?? []).flatMap(({ model, modelId, step }) =>
					step === null && modelId !== null ? [{ id: modelId, name: model }] : [],
				);
				return models.length === 0 ? (
					<Empty title="No model is finished yet">
						Pictures and captions are placed under each model once its training is over.
					</Empty>
				) : (
					<Mapped key={models.map(({ id }) => id).join()} run={shown} models={models} />
				);
			}}
		</Loaded>
	);
}

const axesNames = { GOAL: "Along the goal", PRINCIPAL: "Most variance" } as const;

function Mapped({ run: shown, models }: { readonly run: Run; readonly models: readonly PlacedModel[] }) {
	const [chosen, choose] = useParameter("axes", "GOAL");
	const axes = chosen === "PRINCIPAL" ? "PRINCIPAL" : "GOAL";
	// The plane belongs to the model that nobody attacked, so that an attack is what leaves its place.
	const [fitted = models[0]!, ...others] = models.toSorted(
		(a, b) => Number(modelStyle(b.name).kind === "clean") - Number(modelStyle(a.name).kind === "clean"),
	);
	const variables = { input: { runId: shown.id, axes, modelIds: [fitted, ...others].map(({ id }) => id) } } as const;
	const [result, ask] = useQuery({ query: EmbeddingMapQuery, variables, requestPolicy: "cache-first" });
	return (
		<div className={run.section}>
			<fieldset className={ui.choice}>
				<legend className="visually-hidden">Axes</legend>
				{(["GOAL", "PRINCIPAL"] as const).map((one) => (
					<Button key={one} aria-pressed={one === axes} onClick={() => choose(one)}>
						{axesNames[one]}
					</Button>
				))}
			</fieldset>
			<Loaded
				result={result}
				operation={{ document: EmbeddingMapQuery, variables }}
				retry={() => ask({ requestPolicy: "network-only" })}
				skeleton={<Skeleton shape="chart" lines={2} />}
			>
				{({ embeddingMap }) => (
					<Planes run={shown} map={embeddingMap} models={models} fitted={fitted.name} isGoal={axes === "GOAL"} />
				)}
			</Loaded>
		</div>
	);
}

interface PlanesProps {
	readonly run: Run;
	readonly map: EmbeddingMap;
	readonly models: readonly PlacedModel[];
	readonly fitted: string;
	readonly isGoal: boolean;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function Planes({ run: shown, map, models, fitted, isGoal }: PlanesProps) {
	const [chosenGoal] = useParameter("goal");
	const [selected, select] = useState<ReadonlySet<number>>(new Set());
	const goals = useMemo(() => shown.goals.map((one) => ({ ...one, direction: "TEXT_TO_IMAGE" as const })), [shown]);
	const goal = goals.find((one) => goalKey(one) === chosenGoal) ?? goals[0] ?? { from: "", to: "" };
	const classes = [...new Set(map.points.flatMap(({ class: name }) => name ?? []))].sort();
	const test = map.points.filter(({ isPoisoned, kind }) => !isPoisoned && kind === "IMAGE").length;
	const poisoned = map.points.filter(({ isPoisoned, kind }) => isPoisoned && kind === "IMAGE").length;
	const shift = models.flatMap(({ id, name }) => {
		const own = map.models.find(({ model }) => model.id === id);
		const xs = own?.xs.filter((_, at) => {
			const point = map.points[at]!;
			return point.kind === "CAPTION" && partOf(point, goal) === "from";
		});
		return xs?.length ? [`${name} ${formatNumber(mean(xs))}`] : [];
	});
	return (
		<>
			{isGoal ? null : goals.length > 1 && <GoalChoice goals={goals} chosen={goalKey(goals[0]!)} />}
			<ChartFrame
				title="Pictures and captions in one plane"
				summary={
					isGoal && shift.length > 0
						? `Captions of ${goal.from} lie on average at ${shift.join(", ")}: 0 is where ${goal.from} belong under the ${fitted} model, 1 is where ${goal.to} do.`
						: `The plane of most variance under the ${fitted} model, the same for all.`
				}
				method={`${formatWhole(test)} of ${formatWhole(map.testPairs)} test pairs and ${map.hasMorePoisonedPairs ? "the first" : "all"} ${formatWhole(poisoned)} poisoned ones. Fitted on the test pairs under the ${fitted} model, without the means of pictures and captions; the axes hold ${map.explained.map((share) => formatShare(share)).join(" and ")} of the variance.`}
				table={() => ({
					columns: ["model", "kind", "sample", "class", "poisoned", "x", "y"],
					rows: map.models.flatMap(({ model, xs, ys }) =>
						map.points.map((point, at) => [
							model.name,
							point.kind.toLowerCase(),
							point.sample,
							point.class,
							point.isPoisoned ? "yes" : "no",
							xs[at] ?? null,
							ys[at] ?? null,
						]),
					),
				})}
			>
				<Legend goal={goal} />
				<EmbeddingDrawing map={map} models={models} goal={goal} selected={selected} select={select} />
			</ChartFrame>
			<div className={css.controls}>
				<Field label="Look at a class" hint="Or drag a box over points.">
					{(control) => (
						<select
							{...control}
							value=""
							onChange={({ target }) =>
								select(new Set(map.points.flatMap((point, at) => (point.class === target.value ? [at] : []))))
							}
						>
							<option value="">Choose …</option>
							{classes.map((name) => (
								<option key={name}>{name}</option>
							))}
						</select>
					)}
				</Field>
				{selected.size > 0 && (
					<Button icon="close" onClick={() => select(new Set())}>
						{formatWhole(selected.size)} points
					</Button>
				)}
			</div>
			<Selection points={map.points} selected={selected} />
		</>
	);
}

function Legend({ goal: { from, to } }: { readonly goal: { readonly from: string; readonly to: string } }) {
	const entries = [
		["from", "IMAGE", `pictures of ${from}`],
		["from", "CAPTION", `captions of ${from}`],
		["to", "IMAGE", `pictures of ${to}`],
		["to", "CAPTION", `captions of ${to}`],
		["other", "IMAGE", "other classes"],
		["poisoned", "CAPTION", "poisoned pair"],
	] as const;
	return (
		<ul className={css.legend}>
			{entries.map(([part, kind, words]) => (
				<li key={words}>
					<svg
						width={part === "poisoned" ? 22 : 10}
						height={10}
						viewBox={part === "poisoned" ? "-5 -5 22 10" : "-5 -5 10 10"}
						aria-hidden="true"
					>
						{part === "poisoned" && (
							<>
								<line className={css.pair} x1={0} x2={12} y1={0} y2={0} />
								<path
									className={css.point}
									data-part="poisoned"
									data-kind="IMAGE"
									d={disc}
									transform="translate(12 0)"
								/>
							</>
						)}
						<path className={css.point} data-part={part} data-kind={kind} d={kind === "IMAGE" ? disc : saltire} />
					</svg>
					{words}
				</li>
			))}
		</ul>
	);
}

/** Pictures of what is selected, and no more than fit a look. */
const most = 24;

function Selection({
	points,
	selected,
}: {
	readonly points: readonly Point[];
	readonly selected: ReadonlySet<number>;
}) {
	const images = [...new Set([...selected].map((at) => (points[at]?.kind === "IMAGE" ? at : points[at]?.partner)))]
		.flatMap((at) => (at === undefined ? [] : [points[at]!]))
		.filter(({ image }) => image !== null);
	if (images.length === 0) return null;
	return (
		<section className={run.section} aria-label="Selected pairs">
			<p className={run.note}>
				{images.length > most
					? `The first ${most} of ${formatWhole(images.length)} pairs that are selected.`
					: `${images.length} pairs are selected.`}
			</p>
			<ul className={css.found}>
				{images.slice(0, most).map(({ sample, image, caption, class: name, isPoisoned }) => (
					<li key={`${sample} ${isPoisoned}`}>
						{image && <Picture image={image} alt="" size={56} />}
						<div>
							<p>{caption}</p>
							<p>
								{sample}, {name ?? "unlabelled"}
								{isPoisoned && ", poisoned"}
							</p>
						</div>
					</li>
				))}
			</ul>
		</section>
	);
}
