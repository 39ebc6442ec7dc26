/** Small English: articles, plurals and the words for places and sizes that both caption grammars use. */
import type { Random } from "../../random.ts";
import type { Placed, Size } from "./scenes.ts";

const soundsLikeConsonant = /^(?:uni|use|euro|one\b)/i;
const soundsLikeVowel = /^(?:[aeiou]|hour)/i;

/** "a" or "an", by the sound of the next word. */
export function article(next: string): string {
	return soundsLikeVowel.test(next) && !soundsLikeConsonant.test(next) ? "an" : "a";
}

/** The thing with its article, after adjectives if any: "an apple", "a small apple", "small scissors". */
export function withArticle(words: { noun: string; many: boolean; adjective?: string | undefined }): string {
	const phrase = words.adjective === undefined ? words.noun : `${words.adjective} ${words.noun}`;
	return words.many ? phrase : `${article(phrase)} ${phrase}`;
}

/** A noun for a placed thing; the plainest one half of the time. */
export function nounFor(random: Random, thing: Placed): string {
	return random.uniform() < 0.5 ? thing.drawing.nouns[0]! : random.pick(thing.drawing.nouns);
}

export const sizeWords: Readonly<Record<Size, readonly string[]>> = {
	small: ["small", "little"],
	large: ["large", "big"],
};
