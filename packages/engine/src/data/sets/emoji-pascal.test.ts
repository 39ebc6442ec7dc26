import { expect, test } from "vitest";
import { finish } from "../../model/toy.fixture.ts";
import { emojiPascal } from "./emoji-pascal.ts";

const load = (filler: number) => {
	const params = emojiPascal.params.parse({ trainPerClass: 1, filler, testPerClass: 1, trusted: 8, size: 32 });
	return finish(emojiPascal.load(params, { cacheFolder: null, datasetFolder: undefined }));
};

test("experiments that follow one another share the data set; another one is made", async () => {
	const first = await load(4);
	expect(await load(4)).toBe(first);
	const other = await load(5);
	expect(other.train.samples.length).toBe(first.train.samples.length + 1);
	expect((await load(4)).hash).toBe(first.hash);
});
