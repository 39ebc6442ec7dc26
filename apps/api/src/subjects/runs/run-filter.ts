/** A filter as GraphQL gives it, as the database takes it. */
import type { RunFilter as Filter } from "@mithridate/db";
import { ApiError } from "../../errors.ts";
import { uuidOf } from "../node/ids.ts";
import type { RunFilter } from "./run.input.ts";

const MOST_CHARACTERS = 1000;
const MOST_VALUES = 100;

/**
 * Null means "whatever it is", as if the condition were left out.
 * @throws ApiError `BAD_USER_INPUT` for an id of another type, and for texts and lists that are too long.
 */
export function runFilter(given: RunFilter | null | undefined): Filter {
	if (!given) return { isArchived: false };
	const { studyId, datasetId, status, ...rest } = given;
	for (const [name, value] of Object.entries(given)) {
		if (typeof value === "string" && value.length > MOST_CHARACTERS)
			throw new ApiError(
				"BAD_USER_INPUT",
				`filter.${name} has ${value.length} characters: give at most ${MOST_CHARACTERS}.`,
			);
		if (Array.isArray(value) && value.length > MOST_VALUES)
			throw new ApiError("BAD_USER_INPUT", `filter.${name} has ${value.length} values: give at most ${MOST_VALUES}.`);
	}
	const conditions = {
		...rest,
		status,
		studyId: studyId == null ? undefined : uuidOf("Study", studyId),
		datasetId: datasetId == null ? undefined : uuidOf("Dataset", datasetId),
	};
	return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value != null)) as Filter;
}
