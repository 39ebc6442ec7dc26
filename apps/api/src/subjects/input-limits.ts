/** How long what people write may be, checked in one place for every mutation. */

import type { Issue } from "../typed-config/values.ts";
import { decodeId, type NodeType } from "./node/ids.ts";

const limits = {
	name: 200,
	question: 1000,
	notes: 10_000,
	tag: 50,
	tags: 20,
	idempotencyKey: 200,
	clientMutationId: 200,
} as const;
const PRIORITY = 1000;

/** Everything people write, as inputs hold it. */
export interface Written {
	readonly name?: string | null;
	readonly question?: string | null;
	readonly notes?: string | null;
	readonly tags?: readonly string[] | null;
	readonly idempotencyKey?: string;
	readonly clientMutationId?: string | null;
	readonly priority?: number | null;
}

/** What is too long, empty or out of range. */
export function writtenIssues(input: Written): Issue[] {
	const issues: Issue[] = [];
	for (const field of ["name", "question", "notes", "idempotencyKey", "clientMutationId"] as const) {
		const text = input[field];
		if (text != null && text.length > limits[field])
			issues.push({ path: [field], message: `${text.length} characters are too many: give at most ${limits[field]}.` });
	}
	for (const field of ["name", "idempotencyKey"] as const)
		if (input[field]?.trim() === "")
			issues.push({ path: [field], message: "It is empty: give at least one character." });
	const { tags, priority } = input;
	if (tags && tags.length > limits.tags)
		issues.push({ path: ["tags"], message: `${tags.length} tags are too many: give at most ${limits.tags}.` });
	for (const [at, tag] of (tags ?? []).entries())
		if (tag.trim() === "" || tag.length > limits.tag)
			issues.push({
				path: ["tags", String(at)],
				message: `A tag has 1 to ${limits.tag} characters; this one has ${tag.length}.`,
			});
	if (priority != null && Math.abs(priority) > PRIORITY)
		issues.push({ path: ["priority"], message: `${priority} is out of range: give -${PRIORITY} to ${PRIORITY}.` });
	return issues;
}

/** The UUID behind an id of an input, or what is wrong with it. */
export function idIn(type: NodeType, id: string, path: readonly string[]): { uuid: string } | { issue: Issue } {
	const decoded = decodeId(id);
	if (decoded?.type === type) return { uuid: decoded.uuid };
	return {
		issue: { path, message: `"${id.slice(0, 64)}" is no id of a ${type}. Give an id as this API returned it.` },
	};
}
