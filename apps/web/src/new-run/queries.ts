/** What the form of a new run asks and does. */
import { graphql, type ResultOf, type VariablesOf } from "../graphql/document.ts";
import { UserErrorFields } from "../graphql/mutation-errors.ts";

/** All that a form needs to draw one parameter. */
export const ParameterFields = graphql(`
	fragment ParameterFields on Parameter {
		path
		kind
		description
		default
		minimum
		maximum
		isMinimumExclusive
		isMaximumExclusive
		isList
		isNullable
		options
		case
	}
`);

export const CatalogQuery = graphql(
	`
		query FormCatalog {
			catalog {
				attacks {
					name
					title
					isDefault
					description
					source
					parameters {
						...ParameterFields
					}
				}
				defenses {
					name
					title
					isDefault
					description
					source
					parameters {
						...ParameterFields
					}
				}
				datasets {
					name
					isDefault
					parameters {
						...ParameterFields
					}
				}
				checkpoints {
					...ParameterFields
				}
				training {
					...ParameterFields
				}
				evaluation {
					...ParameterFields
				}
			}
			datasets(first: 20) {
				nodes {
					id
					hash
					name
					versionHash
					classes
					createdAt
					counts {
						split
						count
					}
				}
			}
		}
	`,
	[ParameterFields],
);

/** Pictures of a set's classes. */
export const ClassPairsQuery = graphql(`
	query ClassPairs($hash: Sha256!) {
		dataset(hash: $hash) {
			id
			examples {
				id
				class
				image {
					url
					width
					height
				}
			}
		}
	}
`);

type FormCatalog = ResultOf<typeof CatalogQuery>;
export type Catalog = FormCatalog["catalog"];
export type Entry = Catalog["attacks"][number];
export type Parameter = Entry["parameters"][number];
export type KnownDataset = FormCatalog["datasets"]["nodes"][number];
/** A class as one sees it. */
export type ClassPicture = Omit<NonNullable<ResultOf<typeof ClassPairsQuery>["dataset"]>["examples"][number], "id">;

export const OriginQuery = graphql(`
	query FormOrigin($number: Int!) {
		run(number: $number) {
			id
			name
			configText
		}
	}
`);

/** Pictures of the classes of a set that no run has used yet. */
export const ClassExamplesQuery = graphql(`
	query ClassExamples($config: ExperimentInput!) {
		previewAttack(config: $config, first: 1) {
			examples {
				class
				image {
					url
					width
					height
				}
			}
		}
	}
`);

export const EstimateQuery = graphql(`
	query Estimate($config: ExperimentInput!) {
		estimateRun(config: $config) {
			seconds
			basis
			steps
			advice
		}
	}
`);

export const PoisonPreviewQuery = graphql(`
	query PoisonPreview($config: ExperimentInput!) {
		previewAttack(config: $config, first: 6) {
			poisoned
			samples
			poisonShare
			pairs {
				sample
				kind
				class
				captions
				before {
					url
					width
					height
				}
				after {
					url
					width
					height
				}
			}
		}
	}
`);

export const StartRunMutation = graphql(
	`
		mutation StartRun($input: StartRunInput!) {
			startRun(input: $input) {
				run {
					id
					number
				}
				replayed
				errors {
					...UserErrorFields
				}
			}
		}
	`,
	[UserErrorFields],
);

export type ExperimentInput = VariablesOf<typeof EstimateQuery>["config"];
