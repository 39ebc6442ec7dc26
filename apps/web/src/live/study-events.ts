/** The feed of a study: when one of its runs has something that the study's page shows. */
import { graphql, type ResultOf } from "../graphql/document.ts";

export const StudyEventsSubscription = graphql(`
	subscription StudyEvents($studyId: ID!, $after: Cursor) {
		studyEvents(
			studyId: $studyId
			after: $after
			minIntervalMs: 1000
			kinds: [STATUS, ATTACK, EVALUATION, DEFENSE_REPORT]
		) {
			cursor
			isReplay
			events {
				event {
					__typename
				}
			}
		}
	}
`);

export type StudyEventBatch = ResultOf<typeof StudyEventsSubscription>["studyEvents"];

export const StudyCursorQuery = graphql(`
	query StudyCursor($id: ID!) {
		node(id: $id) {
			... on Study {
				resumeCursor
			}
		}
	}
`);
