/** The best a model could do: ranks scenes and captions by agreement of what a caption claims with what a scene holds. */
import type { Claims } from "./captions.ts";
import type { ScenePicture } from "./pictures.ts";

/** How many claims hold, less a large penalty for each that does not. */
function agreement({ scene }: ScenePicture, claims: Claims): number {
	const verdicts = [
		scene.main.drawing.nouns.includes(claims.noun),
		claims.colour === undefined || claims.colour === scene.colour,
		claims.pattern === undefined || claims.pattern === scene.pattern,
		claims.place === undefined || claims.place === scene.place,
		claims.size === undefined || claims.size === scene.size,
		claims.style === undefined || claims.style === scene.style,
		claims.beside === undefined || scene.beside.some((thing) => thing.drawing.icon === claims.beside),
	];
	const wrong = verdicts.filter((holds) => !holds).length;
	return Object.keys(claims).length - wrong * 100;
}

/** Shares of queries with a counterpart among the first ten; ties count against the ranker. */
export function idealRetrieval(gallery: readonly ScenePicture[]): { imageAt10: number; textAt10: number } {
	const claims = gallery.flatMap((picture, owner) => picture.told.map((one) => ({ owner, claims: one.claims })));
	const scores = claims.map((query) => gallery.map((picture) => agreement(picture, query.claims)));
	const rankIn = (all: readonly number[], own: number) => all.filter((one) => one >= own).length - 1;
	const imageHits = claims.filter(({ owner }, query) => rankIn(scores[query]!, scores[query]![owner]!) < 10);
	const textHits = gallery.filter((_, image) => {
		const column = scores.map((row) => row[image]!);
		const best = Math.max(...claims.flatMap(({ owner }, query) => (owner === image ? [column[query]!] : [])));
		return rankIn(column, best) < 10;
	});
	return { imageAt10: imageHits.length / claims.length, textAt10: textHits.length / gallery.length };
}
