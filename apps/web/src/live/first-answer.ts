/** The first answer of a run, asked again: for a feed whose cursor the server does not take any more. */
import { client } from "../graphql/client.ts";
import { graphql } from "../graphql/document.ts";
import type { FirstAnswer } from "./run-state.ts";

const ResumeQuery = graphql(`
	query RunResume($id: ID!) {
		node(id: $id) {
			... on Run {
				throughSeq
				resumeCursor
				metrics(maxBuckets: 1000) {
					key
					rawCount
					method
					steps
					last
					min
					max
					nonFinite {
						step
						kind
					}
					throughSeq
				}
			}
		}
	}
`);

const fresh = { requestPolicy: "network-only" } as const;

/** Throws when the server does not answer, or no longer knows the run. */
export async function askFirstAnswer(id: string): Promise<FirstAnswer> {
	const { data, error } = await client.query(ResumeQuery, { id }, fresh).toPromise();
	if (error) throw error;
	if (!data?.node || !("resumeCursor" in data.node)) throw new Error(`There is no run ${id} any more.`);
	return data.node;
}
