/** The faults of a mutation, by the field they name. */
import { graphql } from "./document.ts";

/** Spread into the `errors` of a payload. */
export const UserErrorFields = graphql(`
	fragment UserErrorFields on UserError {
		code
		message
		path
	}
`);

export interface UserFault {
	readonly message: string;
	readonly path: readonly string[] | null;
}

/** What the server says about one field, addressed by the end of its path; undefined where it says nothing. */
export function faultAt(faults: readonly UserFault[], path: readonly string[]): string | undefined {
	return faults.find((fault) => {
		const end = fault.path?.slice(-path.length) ?? [];
		return end.length === path.length && path.every((segment, index) => segment === end[index]);
	})?.message;
}
