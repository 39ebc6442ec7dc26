/** A study as Markdown: what it asks, its tables and plots, and its verdicts. */
import type { Claim, Observation, StudyDefinition, StudySetting } from "../contract.ts";
import type { Table } from "../figures/figure.ts";
import { boundText, effectText, estimateText, numberText } from "./numbers.ts";
import { plot } from "./plot.ts";

const papers = { "flickr-pascal": "paper, Flickr-PASCAL", coco: "paper, COCO" } as const;
const datasets = Object.keys(papers) as (keyof typeof papers)[];

const escaped = (text: string) => text.replaceAll("|", "\\|");
const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;

export interface StudyReport {
	readonly markdown: string;
	/** Text of each plot by its file name. */
	readonly plots: ReadonlyMap<string, string>;
}

/** The section of one study; plots are linked in `folder`, relative to the report. */
export function studyReport(
	study: StudyDefinition,
	{
		observations,
		setting,
		folder,
	}: {
		readonly observations: readonly Observation[];
		readonly setting: StudySetting;
		readonly folder: string;
	},
): StudyReport {
	const plots = new Map<string, string>();
	const shown = study.views.map((view) => {
		const figure = view.show(observations, setting);
		if (figure.kind === "table") return `**${view.title}**\n\n${tableText(figure)}`;
		const file = `${study.name}-${view.name}.svg`;
		plots.set(file, plot(figure, view.title));
		return `![${view.title}](${folder}/${file})`;
	});
	const parts = [
		`## ${study.source}: ${study.title}`,
		`${study.question}${study.finding === null ? "" : ` The paper: ${study.finding}`}`,
		`Held fixed: ${study.fixed} Would refute it: ${study.refutedBy}`,
		...shown,
		study.claims.map((claim) => claimText(claim, observations, setting)).join("\n"),
	];
	return { markdown: parts.join("\n\n"), plots };
}

/** Mean and half of the 95 % interval over seeds, and the paper's rows under ours. */
function tableText({ columns, rows }: Table): string {
	const head = [line(["", ...columns.map(({ title }) => title)]), line(["---", ...columns.map(() => "---:")])];
	const body = rows.flatMap(({ title, values }) => [
		line([
			title,
			...values.map(({ measured }, at) => (measured === null ? "" : estimateText(measured, columns[at]?.unit))),
		]),
		...datasets.flatMap((dataset) =>
			values.some(({ published }) => published[dataset] !== undefined)
				? [
						line([
							`*${papers[dataset]}*`,
							...values.map(({ published }, at) => {
								const value = published[dataset];
								return value === undefined ? "" : `*${numberText(value, columns[at]?.unit)}*`;
							}),
						]),
					]
				: [],
		),
	]);
	return [...head, ...body].join("\n");
}

function claimText({ sentence, origin, test }: Claim, observations: readonly Observation[], setting: StudySetting) {
	const { outcome, effect, quantity, bound, evidence } = test(observations, setting);
	const found = effect === null ? "Not measured" : `${quantity}: ${effectText(effect)}, wanted ${boundText(bound)}`;
	const rests =
		evidence.length === 0
			? ""
			: ` Rests on ${evidence.map(({ title, value }) => `${title} ${estimateText(value, "number")}`).join("; ")}.`;
	const asked = origin === "paper" ? "" : " (asked of this platform)";
	return `- **${outcome}**${asked}: ${sentence} ${found}.${rests}`;
}
