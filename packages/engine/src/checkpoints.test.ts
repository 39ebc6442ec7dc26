import { describe, expect, test } from "vitest";
import { openCheckpoints, shippedCheckpoint } from "./checkpoints.ts";
import { fingerprint } from "./model/fingerprint.ts";

const hashes = async (start: string | null, reference: string | null) => {
	const opened = await openCheckpoints({ start, reference });
	return [fingerprint(opened.start), fingerprint(opened.reference)];
};

describe("the checkpoints of an experiment", () => {
	test("are the shipped ones where none is named, also by name and by folder", async () => {
		const shipped = await hashes(null, null);
		expect(await hashes("base", "reference")).toEqual(shipped);
		expect(await hashes(shippedCheckpoint("base"), shippedCheckpoint("reference"))).toEqual(shipped);
		expect(await hashes("reference", "base")).toEqual(shipped.toReversed());
	});

	test("must not be the same", async () => {
		await expect(openCheckpoints({ start: "reference", reference: null })).rejects.toMatchObject({
			code: "invalid-config",
			subject: "checkpoints.reference",
		});
	});
});
