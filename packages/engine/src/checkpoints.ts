/** The two checkpoints of an experiment: the ones shipped with the engine, by name, or any folder in the same layout. */
import { resolve } from "node:path";
import { MithridateError } from "./errors.ts";
import { loadCheckpoint } from "./model/checkpoint.ts";
import type { ClipModel } from "./model/clip.ts";
import { fingerprint } from "./model/fingerprint.ts";

/** `base` is the victim's start, `reference` what filters score with, `patches` a third architecture to attack. */
const SHIPPED = ["base", "reference", "patches"] as const;
export type ShippedCheckpoint = (typeof SHIPPED)[number];

/** Folder of a shipped checkpoint. */
export function shippedCheckpoint(name: ShippedCheckpoint): string {
	return resolve(import.meta.dirname, "../assets", name);
}

/**
 * Loads the checkpoint that training starts from and the one that filters score with.
 * @throws MithridateError `invalid-checkpoint` when one is damaged, `invalid-config` when both hold the same weights.
 */
export async function openCheckpoints(folders: {
	readonly start: string | null;
	readonly reference: string | null;
}): Promise<{ start: ClipModel; reference: ClipModel }> {
	const start = await loadCheckpoint(folderOf(folders.start ?? "base"));
	const reference = await loadCheckpoint(folderOf(folders.reference ?? "reference"));
	if (fingerprint(start) === fingerprint(reference))
		throw new MithridateError(
			"invalid-config",
			"checkpoints.reference holds the same weights as checkpoints.start. The paper's filter scores with a model other than the victim; choose another checkpoint.",
			{ subject: "checkpoints.reference" },
		);
	return { start, reference };
}

/** A name of a shipped one, or a folder; a folder that is called like one is given with a path, such as ./base. */
function folderOf(given: string): string {
	return isShipped(given) ? shippedCheckpoint(given) : given;
}

/** Whether a checkpoint is asked for by the name of a shipped one. */
export function isShipped(given: string): given is ShippedCheckpoint {
	return SHIPPED.some((one) => one === given);
}
