/** Refuses variables that are too many or nested too deep, without recursion. */
import { ApiError } from "../errors.ts";
import { VARIABLE_LIMITS } from "./limits.ts";

/** Throws the first limit that `variables` break. */
export function checkVariables(variables: Readonly<Record<string, unknown>> | null | undefined): void {
	if (!variables) return;
	const count = Object.keys(variables).length;
	if (count > VARIABLE_LIMITS.count)
		throw new ApiError("DOCUMENT_LIMIT", `${count} variables; at most ${VARIABLE_LIMITS.count} are allowed.`, {
			limit: "variables",
		});
	let values = 0;
	let level: unknown[] = [variables];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > VARIABLE_LIMITS.depth)
			throw new ApiError(
				"DOCUMENT_LIMIT",
				`variables are nested deeper than ${VARIABLE_LIMITS.depth} levels. No input of this schema is.`,
				{ limit: "variableDepth" },
			);
		const next: unknown[] = [];
		for (const value of level) if (typeof value === "object" && value !== null) next.push(...Object.values(value));
		values += next.length;
		if (values > VARIABLE_LIMITS.values)
			throw new ApiError("DOCUMENT_LIMIT", `variables hold more than ${VARIABLE_LIMITS.values} values.`, {
				limit: "variableValues",
			});
		level = next;
	}
}
