/** A checkpoint's vocabulary: `vocab.json` with `merges.txt`, or `tokenizer.json` alone, as 5.x saves it. */
import { z } from "zod";
import { parseVocabulary, type Vocabulary } from "../../data/tokenizer.ts";
import { hasFile, readJson, readText } from "./directory.ts";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";

/** Merges are pairs in newer files and strings with one space in older ones. */
const tokenizerSchema = z.looseObject({
	model: z.looseObject({
		type: z.literal("BPE").default("BPE"),
		vocab: z.record(z.string(), z.int().nonnegative()),
		merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
	}),
});

/** Reads the vocabulary. Throws `InvalidCheckpoint` or `invalid-checkpoint` naming the file. */
export async function readVocabulary(directory: string, tokenIds: number): Promise<Vocabulary> {
	const single = !hasFile(directory, "vocab.json") && hasFile(directory, "tokenizer.json");
	const vocabulary = single
		? parseTokenizer(await readJson(directory, "tokenizer.json"))
		: parseVocabulary(await readText(directory, "vocab.json"), await readText(directory, "merges.txt"));
	let largest = 0;
	for (const id of vocabulary.ids.values()) largest = Math.max(largest, id);
	const file = single ? "tokenizer.json" : "vocab.json";
	if (largest >= tokenIds)
		throw new InvalidCheckpoint(
			"bad-config",
			`${file}: the id ${largest} lies beyond the model's ${tokenIds} tokens.`,
			{
				subject: file,
			},
		);
	return vocabulary;
}

function parseTokenizer(json: unknown): Vocabulary {
	const parsed = tokenizerSchema.safeParse(json);
	if (!parsed.success) {
		const { path, message } = parsed.error.issues[0]!;
		throw new InvalidCheckpoint("bad-config", `tokenizer.json, ${path.join(".")}: ${message}.`, {
			subject: "tokenizer.json",
		});
	}
	const { vocab, merges } = parsed.data.model;
	const lines = merges.map((pair) => (typeof pair === "string" ? pair : pair.join(" ")));
	return parseVocabulary(JSON.stringify(vocab), lines.join("\n"));
}
