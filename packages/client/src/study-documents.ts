/** What the client asks of the API about studies, checked against the printed schema. */
import { graphql, type ResultOf, type VariablesOf } from "./document.ts";
import { eventFields } from "./event-fields.ts";

const studyFields = graphql(`
	fragment StudyFields on Study {
		id
		slug
		name
		question
		definitionName
		setting { dataset folder checkpoints { start reference } seeds scale }
		tags
		counts { status count }
		createdAt
	}
`);
/** A study as the client gives it: what it asks, on what, and how far its runs are. */
export type Study = ResultOf<typeof studyFields>;

export const startSweep = graphql(
	`
		mutation StartSweep($input: StartStudyInput!) {
			startStudy(input: $input) {
				study { ...StudyFields }
				replayed
				errors { ... on UserError { code message path } }
			}
		}
	`,
	[studyFields],
);
export type StartSweepInput = VariablesOf<typeof startSweep>["input"];

export const startDefinedStudy = graphql(
	`
		mutation StartDefinedStudy($input: StartDefinedStudyInput!) {
			startDefinedStudy(input: $input) {
				study { ...StudyFields }
				replayed
				errors { ... on UserError { code message path } }
			}
		}
	`,
	[studyFields],
);
export type StartDefinedStudyInput = VariablesOf<typeof startDefinedStudy>["input"];

export const startMissingRuns = graphql(`
	mutation StartMissingRuns($input: StartMissingRunsInput!) {
		startMissingRuns(input: $input) {
			count
			errors { ... on UserError { code message path } }
		}
	}
`);

export const listStudies = graphql(
	`
		query ListStudies($first: Int!, $after: Cursor) {
			studies(first: $first, after: $after) {
				nodes { ...StudyFields }
				pageInfo { hasNextPage endCursor }
			}
		}
	`,
	[studyFields],
);

export const findStudy = graphql(
	`
		query FindStudy($id: ID!) {
			node(id: $id) { ... on Study { ...StudyFields } }
		}
	`,
	[studyFields],
);

export const findStudyBySlug = graphql(
	`
		query FindStudyBySlug($slug: String!) {
			study(slug: $slug) { ...StudyFields }
		}
	`,
	[studyFields],
);

export const findStudyExports = graphql(`
	query FindStudyExports($id: ID!) {
		node(id: $id) { ... on Study { exportJson: exportUrl(format: JSON) exportCsv: exportUrl(format: CSV) } }
	}
`);

export const listStudyDefinitions = graphql(`
	query ListStudyDefinitions($setting: StudySettingInput) {
		studyDefinitions {
			name
			title
			source
			question
			finding
			fixed
			refutedBy
			claims { name sentence origin }
			views { name title }
			estimate(setting: $setting) { cellCount runCount seconds basis }
		}
	}
`);
export type StudySettingInput = NonNullable<VariablesOf<typeof listStudyDefinitions>["setting"]>;
/** A study that can be started: what it asks, what would refute it, and what it would take. */
export type StudyDefinition = ResultOf<typeof listStudyDefinitions>["studyDefinitions"][number];

export const watchStudy = graphql(
	`
		subscription WatchStudy($studyId: ID!, $after: Cursor, $kinds: [RunEventKind!]) {
			studyEvents(studyId: $studyId, after: $after, kinds: $kinds) {
				cursor
				isReplay
				events {
					run { id number name seed }
					event { ...EventFields }
				}
			}
		}
	`,
	[eventFields],
);
/** A recorded event of one of a study's runs. */
export type StudyEvent = ResultOf<typeof watchStudy>["studyEvents"]["events"][number];

const meanFields = graphql(`
	fragment MeanFields on Interval { mean deviation low high n }
`);

const axisFields = graphql(`
	fragment AxisFields on Quantity { title unit attackerWants }
`);

const seriesFields = graphql(
	`
		fragment SeriesFields on NumberSeries {
			name
			title
			values { measured { ...MeanFields } published { dataset value } }
		}
	`,
	[meanFields],
);

const viewFields = graphql(
	`
		fragment ViewFields on StudyView {
			name
			title
			figure {
				__typename
				... on TableFigure {
					columns { name title unit attackerWants }
					rows { ...SeriesFields }
				}
				... on LinesFigure {
					x { ...AxisFields }
					y { ...AxisFields }
					series { name title points { x y { ...MeanFields } } }
				}
				... on BarsFigure {
					y { ...AxisFields }
					groups
					series { ...SeriesFields }
				}
				... on HeatMapFigure {
					x { title values }
					y { title values }
					value { ...AxisFields }
					cells { x y value { ...MeanFields } }
				}
				... on ScatterFigure {
					x { ...AxisFields }
					y { ...AxisFields }
					points { title group x { ...MeanFields } y { ...MeanFields } }
				}
				... on HistogramFigure {
					x { ...AxisFields }
					minimum
					maximum
					series { name title shares }
					marks { title x }
				}
			}
		}
	`,
	[meanFields, axisFields, seriesFields],
);
/** A table or plot of a study as numbers; `figure.__typename` says which. */
export type StudyView = ResultOf<typeof viewFields>;

const verdictFields = graphql(
	`
		fragment VerdictFields on StudyVerdict {
			claim { name sentence origin }
			outcome
			quantity
			effect { ...MeanFields }
			bound { atLeast moreThan atMost }
			evidence { title value { ...MeanFields } }
		}
	`,
	[meanFields],
);
/** A claim held against what was measured so far. */
export type StudyVerdict = ResultOf<typeof verdictFields>;

export const findStudyResults = graphql(
	`
		query FindStudyResults($id: ID!, $perspective: Perspective!, $views: [String!]) {
			node(id: $id) {
				... on Study {
					...StudyFields
					views(perspective: $perspective, names: $views) { ...ViewFields }
					verdicts(perspective: $perspective) { ...VerdictFields }
				}
			}
		}
	`,
	[studyFields, viewFields, verdictFields],
);
export type Perspective = VariablesOf<typeof findStudyResults>["perspective"];
