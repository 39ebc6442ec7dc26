/** Carries out an attack: a list of edits turns a clean split into a poisoned one. */
import { MithridateError } from "../errors.ts";
import type { Edit, ImageStore, Sample, Split } from "../types.ts";
import { stampedRow } from "./patch.ts";

interface Row {
	readonly sample: Sample;
	readonly label: string | null;
}

function invalid(at: number, message: string): MithridateError {
	return new MithridateError("invalid-data", `Edit ${at}: ${message}`, { subject: `edits.${at}` });
}

function checkImage(images: ImageStore, row: number, at: number): void {
	if (Number.isInteger(row) && row >= 0 && row < images.count) return;
	throw invalid(at, `image row ${row} does not exist; the store holds rows 0 to ${images.count - 1}.`);
}

/**
 * The split after all edits, in order; injected samples come last. Neither the split nor the images change: an image
 * that an edit stamps is named by its row in `stampedImages`.
 */
export function applyEdits(split: Split, images: ImageStore, edits: readonly Edit[]): Split {
	const rows = new Map<string, Row>(
		split.samples.map((sample, at) => [sample.id, { sample, label: split.labels[at] ?? null }]),
	);
	for (const [at, edit] of edits.entries()) applyEdit(rows, images, { edit, at, split: split.name });
	const after = [...rows.values()];
	return { name: split.name, samples: after.map((row) => row.sample), labels: after.map((row) => row.label) };
}

function applyEdit(
	rows: Map<string, Row>,
	images: ImageStore,
	{ edit, at, split }: { edit: Edit; at: number; split: string },
): void {
	if (edit.kind === "inject") {
		if (rows.has(edit.sample.id)) throw invalid(at, `sample "${edit.sample.id}" is already in split "${split}".`);
		if (edit.sample.captions.length === 0) throw invalid(at, `sample "${edit.sample.id}" has no caption.`);
		checkImage(images, edit.sample.image, at);
		const image = shownRow(images, edit.sample.image, edit.isStamped);
		rows.set(edit.sample.id, { sample: { ...edit.sample, image }, label: edit.label });
		return;
	}
	const row = rows.get(edit.sample);
	if (row === undefined) throw invalid(at, `split "${split}" has no sample "${edit.sample}".`);
	if (edit.kind === "drop") {
		rows.delete(edit.sample);
		return;
	}
	if (row.sample.image !== edit.before) {
		throw invalid(
			at,
			`sample "${edit.sample}" shows image ${row.sample.image}, not ${edit.before}; the edits were made for other data.`,
		);
	}
	checkImage(images, edit.after, at);
	rows.set(edit.sample, { ...row, sample: { ...row.sample, image: shownRow(images, edit.after, edit.isStamped) } });
}

const shownRow = (images: ImageStore, row: number, isStamped = false) => (isStamped ? stampedRow(images, row) : row);
