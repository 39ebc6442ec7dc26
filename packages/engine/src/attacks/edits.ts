/** Applies an attack's edits to a training split; the split itself is never changed. */
import { MithridateError } from "../errors.ts";
import type { Edit, Sample, Split } from "../types.ts";

/** The edited split: replaced and dropped in place, injected at the end, everything else as it was. */
export function applyEdits(split: Split, edits: readonly Edit[]): Split {
	const rows = new Map(split.samples.map((sample, row) => [sample.id, row]));
	const samples: (Sample | null)[] = [...split.samples];
	const labels = [...split.labels];
	for (const edit of edits) {
		if (edit.kind === "inject") {
			if (rows.has(edit.sample.id))
				throw fault(edit.sample.id, "is already in the training data and cannot be injected");
			rows.set(edit.sample.id, samples.length);
			samples.push(edit.sample);
			labels.push(edit.label);
			continue;
		}
		const row = rows.get(edit.sample);
		const sample = row === undefined ? undefined : samples[row];
		if (row === undefined || !sample) throw fault(edit.sample, "is not in the training data");
		if (edit.kind === "drop") {
			samples[row] = null;
			continue;
		}
		if (sample.image !== edit.before)
			throw fault(edit.sample, `shows image ${sample.image} where the edit expects ${edit.before}`);
		samples[row] = { ...sample, image: edit.after };
	}
	return {
		name: split.name,
		samples: samples.filter((sample) => sample !== null),
		labels: labels.filter((_, row) => samples[row] !== null),
	};
}

function fault(sample: string, problem: string): MithridateError {
	return new MithridateError(
		"invalid-data",
		`Sample "${sample}" ${problem}. Apply the edits to the data set version the attack was made on.`,
		{ subject: sample },
	);
}
