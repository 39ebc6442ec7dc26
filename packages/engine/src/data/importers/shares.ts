/** Splits for sets that bring none: each row draws its own, so that other rows never move it. */
import { z } from "zod";
import type { Random } from "../../random.ts";
import { SourceFault, type SplitName, splitNames } from "./importer.ts";

const share = (standard: number) => z.number().min(0).max(1).default(standard);

/** Parameters of every importer whose sets bring no split. */
export const splitShares = {
	testShare: share(0.1).describe("Share of images drawn for the test split where the set names none."),
	trustedShare: share(0.1).describe("Share of images drawn for the trusted split where the set names none."),
};

export interface SplitShares {
	readonly testShare: number;
	readonly trustedShare: number;
}

/** The split of a row by its id alone. */
export function drawSplit(random: Random, id: string, { testShare, trustedShare }: SplitShares): SplitName {
	const drawn = random.split(`split/${id}`).uniform();
	if (drawn < testShare) return "test";
	return drawn < testShare + trustedShare ? "trusted" : "train";
}

/** A split that the set names itself; validation images train, as they do in the paper's COCO pool. */
export function splitOf(name: string): SplitName {
	const split = splitNames.find((known) => known === name);
	if (split !== undefined) return split;
	if (["val", "valid", "validation", "dev", "restval"].includes(name)) return "train";
	throw new SourceFault("split", `"${name.slice(0, 100)}" is none of ${splitNames.join(", ")} and val`);
}
