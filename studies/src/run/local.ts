/** Runs jobs on lanes, in this process or in others: stages that are known are taken over, records go into journals as they come. */
import { type ExperimentEvent, type ExperimentIo, runExperiment, type StageStore } from "@mithridate/engine";
import type { Job } from "./jobs.ts";
import { openJournal } from "./journal.ts";
import { createRecorder, type Record } from "./record.ts";
import { createSchedule, type Unit, unitsOf } from "./units.ts";

/** What a unit needs from outside. */
export interface UnitIo extends Omit<ExperimentIo, "checkpointEvery" | "recordDataset" | "isProbed"> {
	/** Goes into every record. */
	readonly codeVersion?: string | undefined;
}

export type UnitEvent =
	/** What the engine tells of the unit at hand. */
	| { readonly type: "experiment"; readonly event: ExperimentEvent }
	| { readonly type: "record"; readonly record: Record };

/** A place where one unit runs at a time. */
export type Lane = (unit: Unit) => AsyncGenerator<UnitEvent, void>;

/** How many models are made in each way: `kindOf` a record. */
export type Kinds = Readonly<{ [kind: string]: number }>;

export type StudyEvent =
	/** Work that is left: models to be measured, over all jobs, and how many of them are made in each way. */
	| { readonly type: "plan"; readonly jobs: number; readonly models: number; readonly kinds: Kinds }
	| { readonly type: "unit-start"; readonly key: string; readonly seed: number; readonly models: number }
	| (UnitEvent & { readonly key: string; readonly seed: number });

/** Runs one unit in this process. */
export async function* runUnit({ config, curves, unmeasured }: Unit, io: UnitIo): AsyncGenerator<UnitEvent, void> {
	const record = createRecorder(config.defenses, io.codeVersion);
	const isProbed = (model: string) => curves.includes(model);
	const stages = withoutStages(io.stages, unmeasured);
	for await (const event of runExperiment(config, { ...io, stages, isProbed })) {
		yield { type: "experiment", event };
		for (const made of record(event)) yield { type: "record", record: made };
	}
}

/** Runs what the journals lack, on as many lanes as are given. The same call goes on after a stop. */
export async function* runJobs(
	jobs: readonly Job[],
	{ journals: folder, lanes }: { readonly journals: string; readonly lanes: readonly Lane[] },
): AsyncGenerator<StudyEvent, void> {
	const journals = new Map(
		await Promise.all(jobs.map(async ({ key }) => [key, await openJournal(folder, key)] as const)),
	);
	const units = jobs.flatMap((job) => unitsOf(job, journals.get(job.key)!.records));
	const models = units.flatMap((unit) => unit.models);
	const kinds: Kinds = Object.fromEntries(
		[...Map.groupBy(models, (kind) => kind)].map(([kind, { length }]) => [kind, length]),
	);
	yield { type: "plan", jobs: new Set(units.map(({ key }) => key)).size, models: models.length, kinds };
	const schedule = createSchedule(units);
	const running = new Map<Lane, Running>();
	try {
		for (;;) {
			for (const lane of lanes) {
				const unit = running.has(lane) ? null : schedule.next();
				if (unit === null) continue;
				yield { type: "unit-start", key: unit.key, seed: seedOf(unit), models: unit.models.length };
				running.set(lane, begin(lane, unit));
			}
			if (running.size === 0) return;
			const { lane, unit, result } = await Promise.race([...running.values()].map(({ next }) => next));
			if (result.done) {
				running.delete(lane);
				schedule.finish(unit);
				continue;
			}
			if (result.value.type === "record") await journals.get(unit.key)!.append(result.value.record);
			yield { ...result.value, key: unit.key, seed: seedOf(unit) };
			const { events } = running.get(lane)!;
			running.set(lane, { events, next: step(events, { lane, unit }) });
		}
	} finally {
		await Promise.allSettled([...running.values()].map(({ events }) => events.return()));
	}
}

const seedOf = ({ config }: Unit) => config.seeds[0]!;

interface Running {
	readonly events: AsyncGenerator<UnitEvent, void>;
	readonly next: Promise<Step>;
}

interface Step {
	readonly lane: Lane;
	readonly unit: Unit;
	readonly result: IteratorResult<UnitEvent, void>;
}

function begin(lane: Lane, unit: Unit): Running {
	const events = lane(unit);
	return { events, next: step(events, { lane, unit }) };
}

async function step(events: AsyncGenerator<UnitEvent, void>, of: Pick<Step, "lane" | "unit">): Promise<Step> {
	return { ...of, result: await events.next() };
}

/** Hides what is known of some stages, so that they are trained again. */
function withoutStages(stages: StageStore, names: readonly string[]): StageStore {
	const isHidden = (name: string) => names.includes(name);
	return {
		...stages,
		model: (stage) => (isHidden(stage.name) ? Promise.resolve(null) : stages.model(stage)),
		state: (stage) => (isHidden(stage.name) ? Promise.resolve(null) : stages.state(stage)),
	};
}
