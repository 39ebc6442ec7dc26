/** The whole state of a training run, in memory and on disk. */
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import { decodeFloats, readSafetensors, writeSafetensors } from "../model/safetensors.ts";
import type { RandomState } from "../random.ts";
import type { Specs } from "../runtime/contract.ts";
import type { HostTensor } from "../types.ts";

/**
 * Everything needed to go on as if nothing had happened. The epoch and the place in it follow from `step`; an epoch's
 * order follows from the shuffle stream, whose state is kept so that another seed is refused.
 */
export interface TrainState {
	/** Steps done. */
	readonly step: number;
	/** Pairs of the training set; resuming on another number is refused. */
	readonly pairs: number;
	/** The shuffle stream. */
	readonly random: RandomState;
	/** Weights and moments by state name. */
	readonly buffers: Readonly<Record<string, Float32Array>>;
}

/** Thrown by `train` when its signal fires; `state` resumes with the same bits. */
export class TrainingAborted extends MithridateError {
	readonly state: TrainState;

	constructor(state: TrainState, reason: unknown) {
		super("aborted", `Training was stopped after step ${state.step}.`, { cause: reason });
		this.state = state;
	}
}

/** Throws `invalid-checkpoint` naming what keeps a state from being resumed in the run described by `now`. */
export function checkResume(
	resume: TrainState,
	now: { buffers: Specs; pairs: number; random: RandomState; steps: number },
): void {
	const fault = (subject: string, problem: string) =>
		new MithridateError("invalid-checkpoint", `The training state cannot be resumed: ${problem}.`, { subject });
	if (resume.pairs !== now.pairs) throw fault("pairs", `it was made on ${resume.pairs} pairs, not ${now.pairs}`);
	if (resume.step > now.steps) throw fault("step", `it has done ${resume.step} steps, and this run has ${now.steps}`);
	if (JSON.stringify(resume.random) !== JSON.stringify(now.random))
		throw fault("random", "it was made with another seed");
	for (const name of Object.keys(resume.buffers))
		if (!(name in now.buffers)) throw fault(name, `it holds ${name}, which this run does not use`);
	for (const [name, { shape }] of Object.entries(now.buffers))
		if (resume.buffers[name]?.length !== shape[0])
			throw fault(name, `${name} holds ${resume.buffers[name]?.length ?? "no"} values, not ${shape[0]}`);
}

const KEY = "mithridate.train";
const placeSchema = z.strictObject({
	step: z.int().nonnegative(),
	pairs: z.int().positive(),
	random: z.strictObject({ words: z.array(z.int()).length(4), spare: z.number().nullable() }),
});

/** Writes one safetensors file under a passing name, then renames it. Throws `unwritable`. */
export async function saveTrainState(path: string, state: TrainState): Promise<void> {
	const { step, pairs, random, buffers } = state;
	const tensors: Record<string, HostTensor> = {};
	for (const [name, data] of Object.entries(buffers)) tensors[name] = { shape: [data.length], data };
	const fresh = `${path}.${randomUUID()}.new`;
	const metadata = { [KEY]: JSON.stringify({ step, pairs, random }) };
	try {
		try {
			await writeFile(fresh, writeSafetensors(tensors, { metadata }), { flush: true });
			await rename(fresh, path);
		} finally {
			await rm(fresh, { force: true });
		}
	} catch (cause) {
		throw new MithridateError("unwritable", `The training state ${path} cannot be written: ${String(cause)}.`, {
			subject: path,
			cause,
		});
	}
}

/** Reads what `saveTrainState` wrote. Throws `invalid-checkpoint`. */
export async function loadTrainState(path: string): Promise<TrainState> {
	const fault = (problem: string, cause?: unknown) =>
		new MithridateError("invalid-checkpoint", `${path}: ${problem}.`, { subject: path, cause });
	let file: Uint8Array;
	try {
		file = await readFile(path);
	} catch (cause) {
		throw fault("the training state cannot be read", cause);
	}
	const { tensors, metadata } = readSafetensors(file, path);
	let place: unknown;
	try {
		place = JSON.parse(metadata[KEY] ?? "null");
	} catch (cause) {
		throw fault("the place in the run is not JSON", cause);
	}
	const parsed = placeSchema.safeParse(place);
	if (!parsed.success) throw fault("this is not a training state of Mithridate", parsed.error);
	const buffers: Record<string, Float32Array> = {};
	for (const [name, stored] of tensors) buffers[name] = decodeFloats(stored, name).data;
	return { ...parsed.data, buffers };
}
