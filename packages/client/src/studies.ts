/** What a script does with studies: sweeps, and the defined ones that end in figures and verdicts. */
import type { Connection } from "./connection.ts";
import { ApiError, throwModelled } from "./errors.ts";
import { PAGE, pages } from "./pages.ts";
import {
	findStudy,
	findStudyBySlug,
	findStudyExports,
	findStudyResults,
	listStudies,
	listStudyDefinitions,
	type Perspective,
	type StartDefinedStudyInput,
	type StartSweepInput,
	type Study,
	type StudyDefinition,
	type StudyEvent,
	type StudySettingInput,
	type StudyVerdict,
	type StudyView,
	startDefinedStudy,
	startMissingRuns,
	startSweep,
} from "./study-documents.ts";
import { type WatchOptions, watchStudy } from "./watch.ts";

/** A grid of runs to start. Without a key of your own, a new one is drawn: the same call again starts another one. */
export type SweepToStart = Omit<StartSweepInput, "idempotencyKey" | "dryRun"> &
	Partial<Pick<StartSweepInput, "idempotencyKey">>;

/** On what a defined study runs; what is left out is as on the dashboard: emoji-PASCAL, seeds 1 to 3, a few points of each axis. */
export type StudySetting = { readonly [Field in keyof StudySettingInput]: NonNullable<StudySettingInput[Field]> };

/** What people see of a study, and how soon it runs. */
export type StudyDetails = Omit<
	StartDefinedStudyInput,
	"definition" | "setting" | "idempotencyKey" | "dryRun" | "clientMutationId"
> &
	Partial<Pick<StartDefinedStudyInput, "idempotencyKey">>;

/** A study with its figures and verdicts, from what was measured so far. */
export interface StudyResults extends Study {
	readonly views: readonly StudyView[];
	readonly verdicts: readonly StudyVerdict[];
}

export interface StudyCalls {
	/** All studies, the latest first. */
	studies(): AsyncGenerator<Study, void>;
	/** A study by its slug or its id. */
	study(which: string): Promise<Study>;
	/** The studies that can be started by name, with what each would take in a setting. */
	studyDefinitions(setting?: StudySetting): Promise<readonly StudyDefinition[]>;
	/** Queues every run of a defined study. */
	startStudy(definition: string, setting?: StudySetting, details?: StudyDetails): Promise<Study>;
	/** Queues a grid of runs. */
	startSweep(sweep: SweepToStart): Promise<Study>;
	/** Queues what a study lacks of its plan, cancelled runs among it; says how many runs that are. */
	startMissingRuns(studyId: string, idempotencyKey?: string): Promise<number>;
	/** Every event of all runs of a study, stored and live, over any number of lost connections. */
	watchStudy(studyId: string, options?: WatchOptions): AsyncGenerator<StudyEvent, void>;
	/** Resolves with the study when none of its runs is left to be done, whether they ended well or not. */
	waitForStudy(studyId: string, signal?: AbortSignal): Promise<Study>;
	/** Figures and verdicts; a defender's leave out what follows from knowing the poisoned pairs. */
	studyResults(
		studyId: string,
		options?: { readonly perspective?: Perspective; readonly views?: readonly string[] },
	): Promise<StudyResults>;
	/** Raw points and results of all runs of a study, as the server streams them. */
	exportStudy(studyId: string, format?: "json" | "csv"): Promise<ReadableStream<Uint8Array>>;
}

/** The calls about studies over a connection. */
export function studyCalls(connection: Connection): StudyCalls {
	const { request } = connection;
	/** Slugs are small letters, digits and hyphens; ids of studies hold capitals, for they begin with their type. */
	async function study(which: string): Promise<Study> {
		const found = /^[a-z0-9-]+$/.test(which)
			? (await request(findStudyBySlug, { slug: which })).study
			: (await request(findStudy, { id: which })).node;
		return existing(found, which, "slug");
	}
	return {
		study,
		studies: () => pages(async (after) => (await request(listStudies, { first: PAGE, after })).studies),
		async studyDefinitions(setting) {
			return (await request(listStudyDefinitions, { ...(setting && { setting }) })).studyDefinitions;
		},
		async startStudy(definition, setting = {}, { idempotencyKey = crypto.randomUUID(), ...details } = {}) {
			const input = { ...details, definition, setting, idempotencyKey };
			const { startDefinedStudy: answer } = await request(startDefinedStudy, { input });
			throwModelled(answer.errors);
			return answer.study!;
		},
		async startSweep({ idempotencyKey = crypto.randomUUID(), ...sweep }) {
			const { startStudy: answer } = await request(startSweep, { input: { ...sweep, idempotencyKey } });
			throwModelled(answer.errors);
			return answer.study!;
		},
		async startMissingRuns(studyId, idempotencyKey = crypto.randomUUID()) {
			const { startMissingRuns: answer } = await request(startMissingRuns, { input: { studyId, idempotencyKey } });
			throwModelled(answer.errors);
			return answer.count;
		},
		watchStudy: (studyId, options) => watchStudy(connection, studyId, options),
		async waitForStudy(studyId, signal) {
			for await (const _ of watchStudy(connection, studyId, { signal, kinds: ["STATUS"] }));
			return study(studyId);
		},
		async studyResults(studyId, { perspective = "ATTACKER", views } = {}) {
			const asked = { id: studyId, perspective, ...(views && { views: [...views] }) };
			return existing((await request(findStudyResults, asked)).node, studyId, "views");
		},
		async exportStudy(studyId, format = "json") {
			const { node } = await request(findStudyExports, { id: studyId });
			const { exportJson, exportCsv } = existing(node, studyId, "exportJson");
			return connection.download(format === "json" ? exportJson : exportCsv);
		},
	};
}

/** What was found, which is a study when it has the field; an id of something else gives an empty object. */
function existing<Found extends object, Field extends PropertyKey>(found: Found | null, which: string, field: Field) {
	if (found !== null && field in found) return found as Extract<Found, Readonly<Record<Field, unknown>>>;
	throw new ApiError("NOT_FOUND", `There is no study "${which}".`);
}
