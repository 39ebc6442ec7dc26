"use client";
/** A study as the paper's table or figure, filled as its runs end, with its verdicts; seen by the attacker or the defender. */
import { OperationContext } from "../charts/operation.ts";
import { type News, useAsked, useNews } from "../graphql/use-fresh.ts";
import { Button } from "../ui/button.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import ui from "../ui/ui.module.css";
import { useParameter } from "../url.ts";
import { StudyResultsQuery } from "./figure-query.ts";
import { FigureView } from "./figure-view.tsx";
import css from "./figures.module.css";
import type { Side } from "./quantities.ts";
import { Verdicts } from "./verdicts.tsx";

const sides = [
	["ATTACKER", "Attacker's view"],
	["DEFENDER", "Defender's view"],
] as const;

export default function StudyResults({ slug, news }: { readonly slug: string; readonly news: News }) {
	const [chosen, choose] = useParameter("side", "ATTACKER");
	const side: Side = chosen === "DEFENDER" ? "DEFENDER" : "ATTACKER";
	const variables = { slug, perspective: side } as const;
	const [result, ask] = useAsked({ query: StudyResultsQuery, variables });
	useNews(news, ask);
	return (
		<div className={css.results}>
			<fieldset className={ui.choice}>
				<legend className="visually-hidden">Point of view</legend>
				{sides.map(([one, title]) => (
					<Button key={one} aria-pressed={one === side} onClick={() => choose(one)}>
						{title}
					</Button>
				))}
			</fieldset>
			<Loaded result={result} retry={ask} skeleton={<Skeleton shape="chart" lines={2} />}>
				{({ study }) =>
					!study || study.views.length === 0 ? (
						<Empty title="This study follows no definition">Its cells stand in the matrix.</Empty>
					) : (
						<OperationContext value={{ document: StudyResultsQuery, variables }}>
							{study.isDefinitionCurrent === false && (
								<p role="note">
									The definition has changed since this study was started; its figures follow the newer one.
								</p>
							)}
							<div className={css.figures}>
								{study.views.map((view) => (
									<FigureView key={view.name} view={view} side={side} />
								))}
							</div>
							<Verdicts verdicts={study.verdicts} />
							{study.definition && (
								<dl className={css.about}>
									{(
										[
											["Where it comes from", study.definition.source],
											["What the paper found", study.definition.finding ?? "It is a question beyond the paper."],
											["What is held fixed", study.definition.fixed],
											["What would refute it", study.definition.refutedBy],
										] as const
									).map(([term, text]) => (
										<div key={term}>
											<dt>{term}</dt>
											<dd>{text}</dd>
										</div>
									))}
								</dl>
							)}
						</OperationContext>
					)
				}
			</Loaded>
		</div>
	);
}
