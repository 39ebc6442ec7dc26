/** Where a run's pairs lie under its models. */
import { graphql, type ResultOf } from "../graphql/document.ts";

export const EmbeddingMapQuery = graphql(`
	query RunEmbedding($input: EmbeddingMapInput!) {
		embeddingMap(input: $input) {
			explained
			testPairs
			hasMorePoisonedPairs
			points {
				kind
				sample
				class
				caption
				isPoisoned
				partner
				image {
					url
					width
					height
				}
			}
			models {
				model {
					id
					name
				}
				xs
				ys
			}
		}
	}
`);

export type EmbeddingMap = ResultOf<typeof EmbeddingMapQuery>["embeddingMap"];
export type Point = EmbeddingMap["points"][number];
