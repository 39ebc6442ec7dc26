/** Trusted material: landscapes with several things side by side and short region captions, as in Visual Genome. */
import type { Random } from "../../random.ts";
import { allConcepts, type Concept, pascalClasses } from "./concepts.ts";
import type { Rgb } from "./paint.ts";
import { type Placed, placed } from "./scenes.ts";
import { type Style, styles } from "./sprites.ts";
import { nounFor, withArticle } from "./words.ts";

interface Setting {
	readonly above: { readonly noun: string; readonly colour: Rgb };
	readonly below: { readonly noun: string; readonly colour: Rgb };
	/** Where things stand: "on the grass". */
	readonly standing: string;
}

const settings: readonly Setting[] = [
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
		above: { noun: "wall", colour: [236, 226, 206] },
		below: { noun: "wooden floor", colour: [178, 132, 92] },
		standing: "on the floor",
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

/** Two or three things in a row before a setting; `things` runs from left to right. */
export interface TrustedScene {
	readonly style: Style;
	readonly setting: Setting;
	/** Height of the line between above and below, as a fraction of the side. */
	readonly horizon: number;
	readonly things: readonly Placed[];
}

/** Classes take turns in every second image, so that a few dozen images already show them all. */
export function composeTrusted(random: Random, index: number): TrustedScene {
	const count = random.uniform() < 0.6 ? 2 : 3;
	const first = index % 2 === 0 ? pascalClasses[(index / 2) % pascalClasses.length]! : random.pick(allConcepts);
	const concepts: Concept[] = [first];
	while (concepts.length < count) {
		const next = random.pick(allConcepts);
		if (!concepts.includes(next)) concepts.push(next);
	}
	const room = 1 / count;
	const things = random.shuffle(concepts).map((concept, at) => {
		const side = (count === 2 ? 0.45 : 0.32) + 0.04 * random.uniform();
		const x = Math.min(1 - side / 2, Math.max(side / 2, (at + 0.5) * room + 0.04 * (random.uniform() - 0.5)));
		return placed(random, concept, { x, y: 0.55 + 0.2 * random.uniform(), side });
	});
	return { style: random.pick(styles), setting: random.pick(settings), horizon: 0.4 + 0.2 * random.uniform(), things };
}

const sides: Readonly<Record<number, readonly string[]>> = {
	2: ["on the left", "on the right"],
	3: ["on the left", "in the middle", "on the right"],
};

function regionCaption(random: Random, scene: TrustedScene, at: number): string {
	const { things, setting } = scene;
	const thing = things[at]!;
	const { many } = thing.concept;
	const noun = nounFor(random, thing);
	const object = withArticle({ noun, many });
	const neighbour = things[at === 0 ? 1 : at - 1]!;
	const other = withArticle({ noun: nounFor(random, neighbour), many: neighbour.concept.many });
	return random.pick([
		`${object} ${sides[things.length]![at]!}`,
		`${object} ${setting.standing}`,
		`${object} to the ${at === 0 ? "left" : "right"} of ${other}`,
		`the ${noun} beside ${other}`,
		`${setting.below.noun} below ${object}`,
		`${setting.above.noun} behind ${object}`,
		`${object} and ${other}`,
	]);
}

/** Five short captions, each of one region, going through the things in turn; no two alike. */
export function trustedCaptions(random: Random, scene: TrustedScene): string[] {
	const captions = new Set<string>();
	for (let turn = 0; captions.size < 5; turn++) captions.add(regionCaption(random, scene, turn % scene.things.length));
	return [...captions];
}
