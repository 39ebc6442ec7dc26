import { expect, test } from "vitest";
import { unitRows } from "../evaluate.fixture.ts";
import type { MetricInput } from "../metric-types.ts";
import type { EmbeddedSplit } from "../types.ts";
import { embeddingShift } from "./embedding-shift.ts";

/** Two images and two captions at the given angles in degrees. */
function at(...angles: readonly number[]): EmbeddedSplit {
	const rows = angles.map((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]);
	return {
		images: unitRows(rows.slice(0, 2)),
		texts: unitRows(rows.slice(2)),
		captionOf: Int32Array.of(0, 1),
		labels: [null, null],
	};
}

test("shifts are told from the compared model and, once there is one, from the clean fine-tuned one", () => {
	const input = { embedded: at(0, 0, 0, 0), before: at(60, 60, 90, 0) } as unknown as MetricInput;
	const shift = { "shift/images": expect.closeTo(0.5, 6), "shift/texts": expect.closeTo(0.5, 6) };
	expect(embeddingShift.measure(input)).toEqual(shift);
	expect(embeddingShift.measure({ ...input, clean: at(90, 0, 60, 0) })).toEqual({
		...shift,
		"clean-shift/images": expect.closeTo(0.5, 6),
		"clean-shift/texts": expect.closeTo(0.25, 6),
	});
});
