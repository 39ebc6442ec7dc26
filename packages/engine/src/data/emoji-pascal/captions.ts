/** Tells a scene in five captions: always the main object first of all, then one to three of its attributes. */
import type { Random } from "../../random.ts";
import type { BackgroundColour, Pattern, Place, Scene, Size } from "./scenes.ts";
import type { Style } from "./sprites.ts";
import { article, nounFor, sizeWords, withArticle } from "./words.ts";

/** What a caption claims, for tests and for ranking by agreement. */
export interface Claims {
	readonly noun: string;
	readonly colour?: BackgroundColour;
	readonly pattern?: Pattern;
	readonly place?: Place;
	readonly size?: Size;
	readonly style?: Style;
	/** Icon name of the small thing mentioned. */
	readonly beside?: string;
}

export interface Caption {
	readonly text: string;
	readonly claims: Claims;
}

type Attribute = "ground" | "place" | "size" | "style" | "beside";

/** How readily a caption mentions each attribute: tickets in a draw. */
const readiness: Readonly<Record<Attribute, number>> = { ground: 6, place: 3, beside: 4, size: 2, style: 1 };

const styleWords: Readonly<Record<Style, readonly string[]>> = {
	noto: ["with soft shading", "in shaded colours"],
	twemoji: ["in flat colours", "as a flat drawing"],
	"fluent-emoji-flat": ["in rounded shapes", "in a rounded style"],
	openmoji: ["with black outlines", "drawn in black outline"],
};

const placeWords: Readonly<Record<Place, readonly string[]>> = {
	left: ["on the left", "on the left side"],
	right: ["on the right", "on the right side"],
	top: ["at the top", "near the top"],
	bottom: ["at the bottom", "near the bottom"],
	middle: ["in the middle", "in the centre"],
};

/**
 * One to three different attributes, the readier ones more often. They are few on purpose: what tells the pairs of a
 * batch apart should be the object. Size or style alone would leave half a class in question, so they never stand alone.
 */
function chooseAttributes(random: Random, scene: Scene): Set<Attribute> {
	const draw = random.uniform();
	const wanted = draw < 0.35 ? 1 : draw < 0.85 ? 2 : 3;
	const chosen = new Set<Attribute>();
	const open: Attribute[] = ["ground", "place"];
	if (wanted > 1) open.push("size", "style");
	if (scene.beside.length > 0) open.push("beside");
	while (chosen.size < wanted) {
		const tickets = open.filter((one) => !chosen.has(one)).flatMap((one) => Array<Attribute>(readiness[one]).fill(one));
		chosen.add(random.pick(tickets));
	}
	return chosen;
}

/** "a striped blue", "a plain white": the ground's words without the noun. */
function groundWords(scene: Scene, sayPattern: boolean): string {
	return sayPattern ? `${scene.pattern} ${scene.colour}` : scene.colour;
}

function besidePhrase(random: Random, scene: Scene): { phrase: string; icon: string } {
	const thing = random.pick(scene.beside);
	const small = random.uniform() < 0.7 ? random.pick(sizeWords.small) : undefined;
	const noun = withArticle({ noun: nounFor(random, thing), many: thing.concept.many, adjective: small });
	const phrase = random.pick([`with ${noun} close by`, `next to ${noun}`, `and ${noun}`, `beside ${noun}`]);
	return { phrase, icon: thing.drawing.icon };
}

/** "at the top of a blue background", "on the left", "against a blue background". */
function wherePhrase(random: Random, place: Place | undefined, ground: string | undefined): string | undefined {
	const spot = place === undefined ? undefined : random.pick(placeWords[place]);
	if (ground === undefined) return spot === undefined ? undefined : random.pick([spot, `${spot} of the picture`]);
	const scenery = `${article(ground)} ${ground} ${random.pick(["background", "backdrop"])}`;
	if (spot !== undefined) return `${spot} of ${scenery}`;
	return random.pick([`on ${scenery}`, `against ${scenery}`, `in front of ${scenery}`]);
}

function caption(random: Random, scene: Scene): Caption {
	const said = chooseAttributes(random, scene);
	const { many } = scene.main.concept;
	const noun = nounFor(random, scene.main);
	const adjective = said.has("size") ? random.pick(sizeWords[scene.size]) : undefined;
	const sayPattern =
		said.has("ground") && scene.pattern !== "gradient" && random.uniform() < (scene.pattern === "plain" ? 0.1 : 0.3);
	const ground = said.has("ground") ? groundWords(scene, sayPattern) : undefined;
	const beside = said.has("beside") ? besidePhrase(random, scene) : undefined;
	const style = said.has("style") ? random.pick(styleWords[scene.style]) : undefined;
	const where = wherePhrase(random, said.has("place") ? scene.place : undefined, ground);
	const object = withArticle({ noun, many, adjective });
	const opening = random.pick([
		"",
		"",
		"",
		"a picture of ",
		"an image of ",
		many ? "there are " : "there is ",
		"here we see ",
	]);
	const text = opening + [object, style, beside?.phrase, where].filter((part) => part !== undefined).join(" ");
	return {
		text,
		claims: {
			noun,
			...(said.has("ground") && { colour: scene.colour }),
			...(sayPattern && { pattern: scene.pattern }),
			...(said.has("place") && { place: scene.place }),
			...(said.has("size") && { size: scene.size }),
			...(said.has("style") && { style: scene.style }),
			...(beside !== undefined && { beside: beside.icon }),
		},
	};
}

/** Five captions of a scene, no two alike. */
export function captionsOf(random: Random, scene: Scene): Caption[] {
	const captions = new Map<string, Caption>();
	while (captions.size < 5) {
		const next = caption(random, scene);
		captions.set(next.text, next);
	}
	return [...captions.values()];
}
