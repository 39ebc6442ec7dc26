/** emoji-PASCAL as a data set to choose. */
import type { Dataset } from "../../types.ts";
import { emojiPascalOptions, emojiPascal as make, pascalClasses } from "../emoji-pascal/index.ts";
import type { DatasetSource } from "./dataset-source.ts";

const params = emojiPascalOptions.omit({ cacheFolder: true });

/** The one loaded last, while it is still in memory: experiments that follow one another, as a study's do, share it. */
let latest: { readonly asked: string; readonly dataset: WeakRef<Dataset> } | undefined;

export const emojiPascal: DatasetSource<typeof params> = {
	description: "emoji-PASCAL: the 20 PASCAL classes drawn by four hands, made in seconds from the emoji sets on npm.",
	source: "Noto, Twemoji, Fluent and OpenMoji (CREDITS.md)",
	params,
	example: {},
	classes: pascalClasses.map(({ name }) => name),
	async *load(params, { cacheFolder, signal }) {
		const asked = JSON.stringify({ ...params, cacheFolder });
		const known = latest?.asked === asked ? latest.dataset.deref() : undefined;
		if (known) return known;
		const dataset = yield* make({ ...params, cacheFolder }, signal);
		latest = { asked, dataset: new WeakRef(dataset) };
		return dataset;
	},
};
