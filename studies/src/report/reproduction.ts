/** The report on all studies: a pure function of recorded observations. */
import type { StudyDefinition } from "../contract.ts";
import type { Outcome } from "../verdict.ts";
import { studyReport } from "./markdown.ts";
import { type Recorded, recordedObservations } from "./recorded.ts";

const OUTCOMES: readonly Outcome[] = ["supported", "refuted", "undecided"];

export interface Report {
	readonly markdown: string;
	/** Text of each plot by its file name. */
	readonly plots: ReadonlyMap<string, string>;
}

/** Markdown with links to plots in `folder`, for the studies that have observations. */
export function reproductionReport(studies: readonly StudyDefinition[], recorded: Recorded, folder: string): Report {
	const { setting } = recorded;
	const measured = studies
		.map((study) => ({ study, observations: recordedObservations(recorded, study.name) }))
		.filter(({ observations }) => observations.length > 0);
	const judged = measured.map(({ study, observations }) => ({
		study,
		verdicts: study.claims.map((claim) => ({ claim, verdict: claim.test(observations, setting) })),
	}));
	const sections = measured.map(({ study, observations }) => studyReport(study, { observations, setting, folder }));
	const summary = judged.map(({ study, verdicts }) => {
		const counts = OUTCOMES.map((outcome) => verdicts.filter(({ verdict }) => verdict.outcome === outcome).length);
		return `| [${study.source}: ${study.title}](#${anchorOf(study)}) | ${counts.join(" | ")} |`;
	});
	const open = judged.flatMap(({ study, verdicts }) =>
		verdicts
			.filter(({ verdict }) => verdict.outcome !== "supported")
			.map(({ claim, verdict }) => `- **${verdict.outcome}**, ${study.source}: ${claim.sentence}`),
	);
	const missing = studies.filter((study) => !measured.some((one) => one.study === study));
	const markdown = [
		"# Reproduction",
		"Made by `npm run reproduce` from recorded observations, never by hand; `npm run reproduce -- --report` writes it anew from `docs/reproduction/observations.json.gz`.",
		"Numbers are means over seeds ± half of their 95 % confidence interval (Student's t). A claim is supported where the whole interval of its effect, paired over seeds, satisfies the bound, refuted where none of it does, and undecided otherwise. Published numbers belong to other data and models: our encoders are a hundred times smaller, so patterns can be compared and values cannot.",
		settingsText(recorded),
		"## Verdicts",
		["| study | supported | refuted | undecided |", "| --- | ---: | ---: | ---: |", ...summary].join("\n"),
		...(open.length === 0 ? [] : ["Not supported by our data:", open.join("\n")]),
		...(missing.length === 0 ? [] : [`Not measured: ${missing.map(({ title }) => title).join(", ")}.`]),
		...sections.map((section) => section.markdown),
	];
	return {
		markdown: `${markdown.join("\n\n")}\n`,
		plots: new Map(sections.flatMap(({ plots }) => [...plots])),
	};
}

/** As GitHub makes anchors of headings. */
function anchorOf({ source, title }: StudyDefinition): string {
	return `${source}: ${title}`
		.toLowerCase()
		.replaceAll(/[^a-z0-9 -]/g, "")
		.replaceAll(" ", "-");
}

function settingsText({ setting, hashes, records }: Recorded): string {
	const { dataset, seeds, scale } = setting;
	const made = new Set(Object.values(records).flatMap((all) => all.map((record) => record.made ?? "unknown")));
	return [
		`- Data set ${dataset}, seeds ${seeds.join(", ")}, ${scale === "whole" ? "every point of the paper's figures" : "few points per axis"}`,
		...Object.entries(hashes).map(([name, hash]) => `- ${name}: \`${hash}\``),
		...[...made].sort().map((text) => `- Measured with ${text}`),
	].join("\n");
}
