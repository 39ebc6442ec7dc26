"use client";
/** What the data says of each claim: the verdict, the effect with its interval and n, and the bound it is held against. */
import { TableFrame } from "../charts/table-frame.tsx";
import { formatNumber } from "../ui/format.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import type { Estimate, Verdict } from "./figure-query.ts";
import css from "./figures.module.css";

const looks: Readonly<Record<Verdict["outcome"], { readonly icon: IconName; readonly word: string }>> = {
	SUPPORTED: { icon: "check", word: "supported" },
	REFUTED: { icon: "cross", word: "refuted" },
	UNDECIDED: { icon: "question", word: "undecided" },
};

const interval = ({ mean, low, high, n }: Estimate) =>
	`${formatNumber(mean)}${low !== null && high !== null ? ` [${formatNumber(low)}, ${formatNumber(high)}]` : ""}, n ${n}`;

function boundText({ atLeast, moreThan, atMost }: Verdict["bound"]): string {
	return [
		...(atLeast != null ? [`at least ${formatNumber(atLeast)}`] : []),
		...(moreThan != null ? [`more than ${formatNumber(moreThan)}`] : []),
		...(atMost != null ? [`at most ${formatNumber(atMost)}`] : []),
	].join(" and ");
}

export function Verdicts({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
	if (verdicts.length === 0) return null;
	return (
		<TableFrame
			title="What the data says"
			note="Effects are paired over seeds; the interval is 95 % by Student's t. Undecided: part of the interval satisfies the bound, or there are fewer than two repetitions."
			table={() => ({
				columns: ["claim", "verdict", "quantity", "effect", "low", "high", "n", "bound"],
				rows: verdicts.map(({ claim, outcome, quantity, effect, bound }) => [
					claim.sentence,
					looks[outcome].word,
					quantity,
					effect?.mean ?? null,
					effect?.low ?? null,
					effect?.high ?? null,
					effect?.n ?? 0,
					boundText(bound),
				]),
			})}
		>
			<ul className={css.verdicts}>
				{verdicts.map(({ claim, outcome, quantity, effect, bound, evidence }) => (
					<li key={claim.name}>
						<span className={css.outcome} data-outcome={outcome}>
							<Icon name={looks[outcome].icon} size={14} />
							{looks[outcome].word}
						</span>
						<div>
							<p>{claim.sentence}</p>
							<p className={css.effect}>
								{claim.origin === "PAPER" ? "The paper found it." : "This platform promises it."}
							</p>
						</div>
						<div className={css.effect}>
							<p>
								{quantity}: {effect ? interval(effect) : "not measured"}
							</p>
							<p>must be {boundText(bound)}</p>
							{evidence.length > 0 && (
								<details>
									<summary>{evidence.length === 1 ? "one number" : `${evidence.length} numbers`} behind it</summary>
									<ul>
										{evidence.map(({ title, value }) => (
											<li key={title}>
												{title}: {interval(value)}
											</li>
										))}
									</ul>
								</details>
							)}
						</div>
					</li>
				))}
			</ul>
		</TableFrame>
	);
}
