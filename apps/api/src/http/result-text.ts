/** The JSON of results, made once for all who are sent the same one. */
import type { FormattedExecutionResult } from "graphql";

/** Text from this length on is sent as bytes that all receivers share; shorter text is quicker to copy. */
const SHARED_LENGTH = 4_096;

export interface ResultText {
	readonly text: string;
	/** The text in UTF-8 where it is long, else null. */
	readonly bytes: Buffer | null;
}

const texts = new WeakMap<FormattedExecutionResult, ResultText>();

/** A result's JSON. */
export function textOf(result: FormattedExecutionResult): ResultText {
	const known = texts.get(result);
	if (known) return known;
	const text = JSON.stringify(result);
	const made = { text, bytes: text.length < SHARED_LENGTH ? null : Buffer.from(text) };
	texts.set(result, made);
	return made;
}
