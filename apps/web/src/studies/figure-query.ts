/** What a study of the paper shows and says, and the studies that can be started. */
import { graphql, type ResultOf } from "../graphql/document.ts";

const IntervalFields = graphql(`
	fragment IntervalFields on Interval {
		mean
		low
		high
		n
	}
`);

const QuantityFields = graphql(`
	fragment QuantityFields on Quantity {
		title
		unit
		attackerWants
	}
`);

const NumberFields = graphql(
	`
		fragment NumberFields on NumberSeries {
			name
			title
			values {
				measured {
					...IntervalFields
				}
				published {
					dataset
					value
				}
			}
		}
	`,
	[IntervalFields],
);

export const StudyResultsQuery = graphql(
	`
		query StudyResults($slug: String!, $perspective: Perspective!) {
			study(slug: $slug) {
				id
				isDefinitionCurrent
				definition {
					name
					source
					finding
					fixed
					refutedBy
				}
				setting {
					dataset
					seeds
					scale
				}
				verdicts(perspective: $perspective) {
					claim {
						name
						sentence
						origin
					}
					outcome
					quantity
					bound {
						atLeast
						moreThan
						atMost
					}
					effect {
						...IntervalFields
					}
					evidence {
						title
						value {
							...IntervalFields
						}
					}
				}
				views(perspective: $perspective) {
					name
					title
					figure {
						__typename
						... on TableFigure {
							columns {
								name
								title
								unit
								attackerWants
							}
							rows {
								...NumberFields
							}
						}
						... on LinesFigure {
							x {
								...QuantityFields
							}
							y {
								...QuantityFields
							}
							series {
								name
								title
								points {
									x
									y {
										...IntervalFields
									}
								}
							}
						}
						... on BarsFigure {
							y {
								...QuantityFields
							}
							groups
							series {
								...NumberFields
							}
						}
						... on HeatMapFigure {
							x {
								title
								values
							}
							y {
								title
								values
							}
							value {
								...QuantityFields
							}
							cells {
								x
								y
								value {
									...IntervalFields
								}
							}
						}
						... on ScatterFigure {
							x {
								...QuantityFields
							}
							y {
								...QuantityFields
							}
							points {
								title
								group
								x {
									...IntervalFields
								}
								y {
									...IntervalFields
								}
							}
						}
						... on HistogramFigure {
							x {
								...QuantityFields
							}
							minimum
							maximum
							series {
								name
								title
								shares
							}
							marks {
								title
								x
							}
						}
					}
				}
			}
		}
	`,
	[IntervalFields, QuantityFields, NumberFields],
);

export type StudyResults = NonNullable<ResultOf<typeof StudyResultsQuery>["study"]>;
export type StudyView = StudyResults["views"][number];
export type Verdict = StudyResults["verdicts"][number];
export type FigureOf<Name extends StudyView["figure"]["__typename"]> = Extract<
	StudyView["figure"],
	{ readonly __typename: Name }
>;
export type Measured = FigureOf<"TableFigure">["rows"][number]["values"][number];
export type Estimate = NonNullable<Measured["measured"]>;
export type Quantity = FigureOf<"LinesFigure">["y"];

export const StudyCatalogQuery = graphql(`
	query StudyCatalog {
		studyDefinitions {
			name
			title
			source
			question
			finding
		}
	}
`);

export type Definition = ResultOf<typeof StudyCatalogQuery>["studyDefinitions"][number];

export const StudyEstimateQuery = graphql(`
	query StudyEstimate($name: String!, $setting: StudySettingInput!) {
		studyDefinition(name: $name) {
			name
			estimate(setting: $setting) {
				cellCount
				runCount
				seconds
				basis
			}
		}
	}
`);

export const StartDefinedStudy = graphql(`
	mutation StartDefinedStudy($input: StartDefinedStudyInput!) {
		startDefinedStudy(input: $input) {
			study {
				id
				slug
			}
			errors {
				... on UserError {
					message
				}
			}
		}
	}
`);
