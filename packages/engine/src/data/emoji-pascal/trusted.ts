/** Trusted material: one or two things in a room or a landscape, with short region captions as in Visual Genome. */
import type { Random } from "../../random.ts";
import { allConcepts, type Concept, pascalClasses } from "./concepts.ts";
import type { Rgb } from "./paint.ts";
import { backgroundColours, type Placed, placed, type Size } from "./scenes.ts";
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
	/** Height of the line between above and below, as a fraction of the side. */
	readonly horizon: number;
	readonly things: readonly Placed[];
	/** Of a thing that stands alone. */
	readonly size: Size;
}

/** Classes take turns in two images of three, so that a few dozen images already show them all. */
export function composeTrusted(random: Random, index: number): TrustedScene {
	const turn = Math.floor(index / 3) * 2 + (index % 3);
	const first = index % 3 === 2 ? random.pick(allConcepts) : pascalClasses[turn % pascalClasses.length]!;
	const size: Size = random.uniform() < 0.5 ? "small" : "large";
	const things = random.uniform() < 0.7 ? [alone(random, first, size)] : pair(random, first);
	return {
		style: random.pick(styles),
		setting: random.pick(random.uniform() < 0.6 ? rooms : landscapes),
		horizon: 0.5 + 0.25 * random.uniform(),
		things,
		size,
	};
}

function alone(random: Random, concept: Concept, size: Size): Placed {
	const side = (size === "small" ? 0.52 : 0.7) + 0.1 * random.uniform();
	const slack = (1 - side) / 2;
	const x = 0.5 + slack * random.pick([-0.9, 0, 0.9]);
	return placed(random, concept, { x, y: 0.5 + slack * (0.1 + 0.8 * random.uniform()), side });
}

function pair(random: Random, first: Concept): Placed[] {
	const second = random.pick(allConcepts.filter((concept) => concept !== first));
	return random.shuffle([first, second]).map((concept, at) => {
		const side = 0.45 + 0.04 * random.uniform();
		const x = (at === 0 ? side / 2 : 1 - side / 2) + (at === 0 ? 0.02 : -0.02) * random.uniform();
		return placed(random, concept, { x, y: 0.55 + 0.18 * random.uniform(), side });
	});
}

/** Where a thing stands: told by its middle. */
function sideOf({ x }: Placed): string {
	return x < 0.42 ? "on the left" : x > 0.58 ? "on the right" : "in the middle";
}

function regionCaption(random: Random, scene: TrustedScene, at: number): string {
	const { things, setting, size } = scene;
	const thing = things[at]!;
	const { many } = thing.concept;
	const noun = nounFor(random, thing);
	const object = withArticle({ noun, many });
	const common = [
		`${object} ${sideOf(thing)}`,
		`${object} ${setting.standing}`,
		`${setting.below.noun} below ${object}`,
		`${setting.above.noun} behind ${object}`,
	];
	const neighbour = things[1 - at];
	if (neighbour === undefined) {
		const sized = withArticle({ noun, many, adjective: random.pick(sizeWords[size]) });
		return random.pick([...common, sized, `${sized} ${setting.standing}`, `${sized} ${sideOf(thing)}`]);
	}
	const other = withArticle({ noun: nounFor(random, neighbour), many: neighbour.concept.many });
	const left = at === 0 ? "left" : "right";
	return random.pick([
		...common,
		`${object} to the ${left} of ${other}`,
		`the ${noun} beside ${other}`,
		`${object} and ${other}`,
	]);
}

/** Five short captions, each of one region, going through the things in turn; no two alike. */
export function trustedCaptions(random: Random, scene: TrustedScene): string[] {
	const captions = new Set<string>();
	for (let turn = 0; captions.size < 5; turn++) captions.add(regionCaption(random, scene, turn % scene.things.length));
	return [...captions];
}
