/** emoji-PASCAL as a data set to choose. */
import { emojiPascalOptions, emojiPascal as make, pascalClasses } from "../emoji-pascal/index.ts";
import type { DatasetSource } from "./dataset-source.ts";

const params = emojiPascalOptions.omit({ cacheFolder: true });

export const emojiPascal: DatasetSource<typeof params> = {
	description: "emoji-PASCAL: the 20 PASCAL classes drawn by four hands, made in seconds from the emoji sets on npm.",
	source: "Noto, Twemoji, Fluent and OpenMoji (CREDITS.md)",
	params,
	example: {},
	classes: pascalClasses.map(({ name }) => name),
	load: (params, { cacheFolder, signal }) => make({ ...params, cacheFolder }, signal),
};
