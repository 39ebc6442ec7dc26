/** What a study was started from, where that was a definition. */
import type { Study } from "@mithridate/db";
import { type StudyDefinition, type StudySetting, studyNamed } from "@mithridate/studies";
import { definitionHash } from "./plan.ts";

interface Defined {
	readonly definition: StudyDefinition;
	readonly setting: StudySetting;
}

/** The definition behind a study's row with the setting it was started in; null where there is none. */
export function definedBy(row: Pick<Study, "definition" | "setting">): Defined | null {
	const definition = row.definition === null ? undefined : studyNamed(row.definition);
	return definition === undefined ? null : { definition, setting: row.setting as unknown as StudySetting };
}

/** Whether the definition is still the one that the study was started from. */
export function isCurrent(row: Pick<Study, "definition" | "setting" | "definitionHash">): boolean {
	const defined = definedBy(row);
	return defined !== null && definitionHash(defined.definition, defined.setting) === row.definitionHash;
}
