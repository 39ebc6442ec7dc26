/** Trusted material: one or two things in a room or a landscape, with short region captions as in Visual Genome. */
import type { Random } from "../../random.ts";
import { allConcepts, type Concept, pascalClasses } from "./concepts.ts";
import type { Rgb } from "./paint.ts";
import {
	backgroundColours,
	groundPattern,
	type Pattern,
	type Placed,
	placed,
	type Size,
	smallThings,
} from "./scenes.ts";
import { type Style, styles } from "./sprites.ts";
import { nounFor, sizeWords, withArticle } from "./words.ts";

interface Setting {
	readonly above: { readonly noun: string; readonly colour: Rgb };
	readonly below: { readonly noun: string; readonly colour: Rgb };
	/** Where things stand: "on the grass". */
	readonly standing: string;
}

const landscapes: readonly Setting[] = [
	{
		above: { noun: "sky", colour: [176, 214, 242] },
		below: { noun: "grass", colour: [136, 184, 104] },
		standing: "on the grass",
	},
	{
		above: { noun: "sky", colour: [196, 224, 244] },
		below: { noun: "sand", colour: [232, 210, 160] },
		standing: "on the sand",
	},
	{
		above: { noun: "evening sky", colour: [246, 190, 150] },
		below: { noun: "sea", colour: [86, 140, 178] },
		standing: "by the sea",
	},
	{
		above: { noun: "grey sky", colour: [198, 202, 208] },
		below: { noun: "road", colour: [120, 122, 128] },
		standing: "on the road",
	},
	{
		above: { noun: "night sky", colour: [44, 52, 92] },
		below: { noun: "snow", colour: [232, 238, 244] },
		standing: "in the snow",
	},
];

const floors: readonly Pick<Setting, "below" | "standing">[] = [
	{ below: { noun: "wooden floor", colour: [178, 132, 92] }, standing: "on the floor" },
	{ below: { noun: "stone floor", colour: [176, 172, 164] }, standing: "on the stone floor" },
	{ below: { noun: "carpet", colour: [134, 96, 104] }, standing: "on the carpet" },
];

/** Every floor under a wall of every colour. */
const rooms: readonly Setting[] = floors.flatMap((floor) =>
	Object.entries(backgroundColours).map(([name, colour]) => ({ ...floor, above: { noun: `${name} wall`, colour } })),
);

/** One or two things before a setting; `things` runs from left to right. */
export interface TrustedScene {
	readonly style: Style;
	readonly setting: Setting;
	/** Height of the line between above and below, as a fraction of the side; 1 in a close-up, where no floor is seen. */
	readonly horizon: number;
	readonly things: readonly Placed[];
	/** Of a thing that stands alone, which may have small things in the corners. */
	readonly size: Size;
	readonly beside: readonly Placed[];
	/** Of what is above: a papered wall, a plain sky. */
	readonly pattern: Pattern;
}

/** Classes take turns in two images of three, so that a few dozen images already show them all. */
export function composeTrusted(random: Random, index: number): TrustedScene {
	const turn = Math.floor(index / 3) * 2 + (index % 3);
	const first = index % 3 === 2 ? random.pick(allConcepts) : pascalClasses[turn % pascalClasses.length]!;
	const size: Size = random.uniform() < 0.5 ? "small" : "large";
	const things = random.uniform() < 0.7 ? [alone(random, first, size)] : pair(random, first);
	const inside = random.uniform() < 0.75;
	const closeUp = inside && random.uniform() < 0.6;
	const beside = things.length === 1 ? smallThings(random, things[0]!) : [];
	return {
		beside,
		pattern: inside ? groundPattern(random) : "plain",
		style: random.pick(styles),
		setting: random.pick(inside ? rooms : landscapes),
		horizon: closeUp ? 1 : (inside ? 0.62 : 0.45) + 0.25 * random.uniform(),
		things,
		size,
	};
}

function alone(random: Random, concept: Concept, size: Size): Placed {
	const side = (size === "small" ? 0.52 : 0.7) + 0.1 * random.uniform();
	const slack = (1 - side) / 2;
	const [across, down] = random.pick([
		[-0.9, 0],
		[0.9, 0],
		[0, -0.9],
		[0, 0.9],
		[0, 0],
	] as const);
	return placed(random, concept, { x: 0.5 + slack * across, y: 0.5 + slack * down, side });
}

function pair(random: Random, first: Concept): Placed[] {
	const second = random.pick(allConcepts.filter((concept) => concept !== first));
	return random.shuffle([first, second]).map((concept, at) => {
		const side = 0.45 + 0.04 * random.uniform();
		const x = (at === 0 ? side / 2 : 1 - side / 2) + (at === 0 ? 0.02 : -0.02) * random.uniform();
		return placed(random, concept, { x, y: 0.55 + 0.18 * random.uniform(), side });
	});
}

/** Where a thing is: told by its middle. */
function placeOf({ x, y }: Placed): string {
	if (Math.abs(x - 0.5) > 0.04) return x < 0.5 ? "on the left" : "on the right";
	return y < 0.46 ? "at the top" : y > 0.54 ? "at the bottom" : "in the middle";
}

/** "blue wall", or "striped blue wall" if the pattern is said. */
function wallOf(random: Random, { setting, pattern }: TrustedScene): string {
	const { noun } = setting.above;
	const said = pattern === "striped" || pattern === "spotted" ? random.uniform() < 0.3 : false;
	return said ? `${pattern} ${noun}` : noun;
}

function floorPhrases({ setting, horizon }: TrustedScene, object: string): string[] {
	return horizon === 1 ? [] : [`${object} ${setting.standing}`, `${setting.below.noun} below ${object}`];
}

function captionAlone(random: Random, scene: TrustedScene): string {
	const { size, beside } = scene;
	const thing = scene.things[0]!;
	const { many } = thing.concept;
	const noun = nounFor(random, thing);
	const object = withArticle({ noun, many });
	const sized = withArticle({ noun, many, adjective: random.pick(sizeWords[size]) });
	const wall = wallOf(random, scene);
	const phrases = [
		...floorPhrases(scene, object),
		`${object} ${placeOf(thing)}`,
		`${wall} behind ${object}`,
		`${object} ${placeOf(thing)}, ${wall} behind`,
		`${sized} ${placeOf(thing)}`,
		`the ${noun}`,
		`${object} with nothing around`,
	];
	if (beside.length > 0) {
		phrases.pop();
		const small = random.pick(beside);
		const other = withArticle({
			noun: nounFor(random, small),
			many: small.concept.many,
			adjective: random.pick(sizeWords.small),
		});
		phrases.push(`${object} beside ${other}`, `${other} near ${object}`, `${object} and ${other}, ${wall} behind`);
	}
	return random.pick(phrases);
}

function captionOfPair(random: Random, scene: TrustedScene, at: number): string {
	const { things } = scene;
	const [thing, neighbour] = [things[at]!, things[1 - at]!];
	const noun = nounFor(random, thing);
	const object = withArticle({ noun, many: thing.concept.many });
	const other = withArticle({ noun: nounFor(random, neighbour), many: neighbour.concept.many });
	const side = at === 0 ? "left" : "right";
	return random.pick([
		...floorPhrases(scene, object),
		`${object} on the ${side}`,
		`${wallOf(random, scene)} behind ${object}`,
		`${object} to the ${side} of ${other}`,
		`the ${noun} beside ${other}`,
		`${object} and ${other}`,
	]);
}

/** Five short captions, each of one region, going through the things in turn; no two alike. */
export function trustedCaptions(random: Random, scene: TrustedScene): string[] {
	const captions = new Set<string>();
	for (let turn = 0; captions.size < 5; turn++)
		captions.add(scene.things.length === 1 ? captionAlone(random, scene) : captionOfPair(random, scene, turn % 2));
	return [...captions];
}
