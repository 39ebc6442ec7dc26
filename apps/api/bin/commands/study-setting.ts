/** On what a study runs, by the same flags as `npm run study -- NAME --local`. */
import type { StudySetting } from "@mithridate/client";
import { type Command, Option } from "commander";
import { UsageError } from "../exit.ts";

type Dataset = NonNullable<StudySetting["dataset"]>;

const datasets: Readonly<Record<string, Dataset>> = {
	"emoji-pascal": "EMOJI_PASCAL",
	"flickr-pascal": "FLICKR_PASCAL",
	coco: "COCO",
};

interface SettingFlags {
	readonly dataset?: string;
	readonly folder?: string;
	readonly checkpoint?: string;
	readonly reference?: string;
	readonly seeds?: string;
	readonly whole?: boolean;
}

export function withSetting(command: Command): Command {
	return command
		.addOption(new Option("--dataset <name>", "data set (default: emoji-pascal)").choices(Object.keys(datasets)))
		.option("--folder <dir>", "where that data set was imported to, on the server")
		.option("--checkpoint <dir>", "model that training starts from, on the server, with --reference")
		.option("--reference <dir>", "model that filters score with")
		.option("--seeds <list>", "seeds with commas between them (default: 1,2,3)")
		.option("--whole", "every point of the paper's figures instead of a few");
}

/** Throws `UsageError` for half a pair of checkpoints and for seeds that are none; the server judges the rest. */
export function settingOf({ dataset, folder, checkpoint, reference, seeds, whole }: SettingFlags): StudySetting {
	return {
		...(dataset !== undefined && { dataset: datasets[dataset]! }),
		...(folder !== undefined && { folder }),
		...((checkpoint ?? reference) !== undefined && { checkpoints: pairOf(checkpoint, reference) }),
		...(seeds !== undefined && { seeds: seedsOf(seeds) }),
		...(whole && { scale: "WHOLE" }),
	};
}

function pairOf(start: string | undefined, reference: string | undefined) {
	if (start === undefined || reference === undefined)
		throw new UsageError("--checkpoint and --reference go together: a filter scores with another model.");
	return { start, reference };
}

function seedsOf(list: string): number[] {
	const seeds = list.split(",").map((seed) => (/^\d+$/.test(seed.trim()) ? Number(seed) : Number.NaN));
	if (seeds.every((seed) => Number.isSafeInteger(seed))) return seeds;
	throw new UsageError(`--seeds needs whole numbers from 0 with commas between them, not "${list}".`);
}
