"use client";
/** One study: its question, and the matrix of its cells coloured by state and by Hit@10. */
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { OperationContext } from "../charts/operation.ts";
import { type News, useAsked, useNews } from "../graphql/use-fresh.ts";
import { useStudyFeed } from "../live/use-study-feed.ts";
import { Button } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import { formatName } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { isEnded, Status } from "../ui/status.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { useParameter, withParameters } from "../url.ts";
import { layOut, layoutAxes, withMissing } from "./matrix.ts";
import { type MatrixCell, MatrixTable } from "./matrix-table.tsx";
import { modelsOf, viewsOf, viewTitles } from "./panels.ts";
import css from "./studies.module.css";
import { StudyActions } from "./study-actions.tsx";
import { type Study, StudyQuery } from "./study-query.ts";

const StudyResults = dynamic(() => import("./study-results.tsx"), {
	ssr: false,
	loading: () => <Skeleton shape="chart" lines={2} />,
});
const StudyPicture = dynamic(() => import("./study-views.tsx"), {
	ssr: false,
	loading: () => <Skeleton shape="chart" lines={2} />,
});

export function StudyPage() {
	const [slug] = useParameter("s");
	const [result, ask] = useAsked({ query: StudyQuery, variables: { slug }, pause: slug === "" });
	const study = result.data?.study ?? null;
	const news = useStudyFeed(study, study?.counts.some(({ status }) => !isEnded(status)) ?? false);
	useNews(news, ask);
	if (slug === "") return <Empty title="Which study?">The address needs its name, as in /study?s=demonstration.</Empty>;
	return (
		<Loaded result={result} retry={ask} skeleton={<Skeleton shape="row" lines={9} />}>
			{({ study }) =>
				study ? <StudyView study={study} news={news} refresh={ask} /> : <Empty title={`There is no study "${slug}".`} />
			}
		</Loaded>
	);
}

/** What most studies measure, until the first of them has. */
const expected = ["poisoned", "clean"];

interface ViewProps {
	readonly study: Study;
	readonly news: News;
	readonly refresh: () => void;
}

function StudyView({ study, news, refresh }: ViewProps) {
	const cells = withMissing(study.cells, study.missing);
	const axes = layoutAxes(study.axes, cells);
	const [downName] = useParameter("down");
	const [acrossName, setAcross] = useParameter("across");
	const measured = modelsOf(study.cells);
	const models = measured.length > 0 ? measured : expected;
	const [chosenModel, setModel] = useParameter("model", models.includes("poisoned") ? "poisoned" : models[0]);
	const model = models.includes(chosenModel) ? chosenModel : (models[0] ?? "poisoned");
	const down = axes.find(({ name }) => name === downName) ?? axes[0];
	const across =
		axes.find(({ name }) => name === acrossName && name !== down?.name) ?? axes.find((axis) => axis !== down);
	const others = axes.filter((axis) => axis !== down && axis !== across);
	const [chosen, setChosen] = useParameter("at");
	const fixed = new Map(
		others.map(({ name, values }) => {
			const [, value] =
				chosen
					.split(";")
					.map((one) => one.split("="))
					.find(([axis]) => axis === name) ?? [];
			return [name, value ?? values[0] ?? ""];
		}),
	);
	const views = viewsOf(study);
	const [show] = useParameter("show");
	const first = views[0] ?? "matrix";
	const view = views.find((one) => one === show) ?? first;
	const [slug] = useParameter("s");
	const search = useSearchParams().toString();
	const links = views.map((key) => ({
		key,
		title: viewTitles[key],
		href: `/study?${withParameters(search, { show: key === first ? null : key })}`,
	}));
	return (
		<div className={css.page}>
			<header className={css.header}>
				<div>
					<h1>{study.name}</h1>
					<p className={css.question}>{study.question}</p>
					<p className={css.counts}>
						{study.counts.map(({ status, count }) => (
							<span key={status}>
								{count} <Status status={status} />
							</span>
						))}
					</p>
				</div>
				<StudyActions study={study} refresh={refresh} />
			</header>
			{views.length > 1 && <Tabs label="Views of the study" tabs={links} current={view} />}
			{(view === "matrix" || view === "goals") && (
				<div className={css.controls}>
					<fieldset className={css.choice}>
						<legend>Hit@10 of</legend>
						{models.map((one) => (
							<Button key={one} aria-pressed={one === model} onClick={() => setModel(one)}>
								{one}
							</Button>
						))}
					</fieldset>
					{view === "matrix" && axes.length > 2 && (
						<fieldset className={css.choice}>
							<legend>Across</legend>
							{axes
								.filter((axis) => axis !== down)
								.map(({ name }) => (
									<Button key={name} aria-pressed={name === across?.name} onClick={() => setAcross(name)}>
										{formatName(name)}
									</Button>
								))}
						</fieldset>
					)}
					{(view === "matrix" ? others : []).map(({ name, values }) => (
						<fieldset key={name} className={css.choice}>
							<legend>{formatName(name)}</legend>
							{values.map((value) => (
								<Button
									key={value}
									aria-pressed={fixed.get(name) === value}
									onClick={() =>
										setChosen([...new Map([...fixed, [name, value]])].map((pair) => pair.join("=")).join(";"))
									}
								>
									{formatName(value)}
								</Button>
							))}
						</fieldset>
					))}
				</div>
			)}
			<OperationContext value={{ document: StudyQuery, variables: { slug } }}>
				{view === "paper" ? (
					<StudyResults slug={slug} news={news} />
				) : view === "matrix" ? (
					<MatrixTable
						matrix={layOut<(typeof cells)[number] & MatrixCell>(cells, { down, across, fixed })}
						down={down}
						across={across}
						model={model}
					/>
				) : (
					<StudyPicture view={view} axes={study.axes} cells={study.cells} model={model} />
				)}
			</OperationContext>
			<p className={facts.quiet}>
				Everything that was recorded: <a href={study.json}>JSON</a> or <a href={study.csv}>CSV</a>.
			</p>
		</div>
	);
}
