/** What stands where in a scene. A scene record is drawn by `paint.ts` and told by the captions. */
import type { Random } from "../../random.ts";
import { type Concept, type Drawing, otherThings } from "./concepts.ts";
import { type Style, styles } from "./sprites.ts";

export const backgroundColours = {
	white: [232, 232, 227],
	grey: [152, 155, 160],
	dark: [76, 82, 98],
	red: [212, 92, 88],
	orange: [240, 164, 92],
	yellow: [244, 222, 118],
	green: [124, 190, 120],
	blue: [112, 164, 226],
	purple: [158, 122, 198],
	pink: [240, 172, 202],
} as const;
export type BackgroundColour = keyof typeof backgroundColours;

export const patterns = ["plain", "gradient", "striped", "spotted"] as const;
export type Pattern = (typeof patterns)[number];

export const places = ["left", "right", "top", "bottom", "middle"] as const;
export type Place = (typeof places)[number];

export type Size = "small" | "large";

/** One icon on the scene; lengths are fractions of the scene's side, `x` and `y` the middle of the icon. */
export interface Placed {
	readonly concept: Concept;
	readonly drawing: Drawing;
	readonly x: number;
	readonly y: number;
	readonly side: number;
	readonly flip: boolean;
	/** Radians. */
	readonly angle: number;
	/** Gain of red, green and blue. */
	readonly tint: readonly [number, number, number];
}

/** One main object before a coloured ground, with up to two small things beside it. */
export interface Scene {
	readonly style: Style;
	readonly colour: BackgroundColour;
	readonly pattern: Pattern;
	readonly place: Place;
	readonly size: Size;
	readonly main: Placed;
	readonly beside: readonly Placed[];
}

const colourNames = Object.keys(backgroundColours) as BackgroundColour[];

function between(random: Random, low: number, high: number): number {
	return low + (high - low) * random.uniform();
}

/** An icon of `concept` at a spot, with the small accidents of flip, turn and tint. */
export function placed(random: Random, concept: Concept, at: { x: number; y: number; side: number }): Placed {
	const light = between(random, 0.92, 1.06);
	const gain = () => light * between(random, 0.94, 1.06);
	return {
		...at,
		concept,
		drawing: random.pick(concept.drawings),
		flip: random.uniform() < 0.5,
		angle: between(random, -0.14, 0.14),
		tint: [gain(), gain(), gain()],
	};
}

/** How a ground is done, plain most often. */
export function groundPattern(random: Random): Pattern {
	const draw = random.uniform();
	return draw < 0.45 ? "plain" : draw < 0.65 ? "gradient" : draw < 0.83 ? "striped" : "spotted";
}

/** Where along an axis an object of a given side has its middle: -1 touches the near edge, 1 the far edge. */
function along(random: Random, towards: -1 | 0 | 1, side: number): number {
	const slack = (1 - side) / 2;
	const from = towards === 0 ? between(random, -0.15, 0.15) : towards * between(random, 0.85, 1);
	return 0.5 + slack * from;
}

const corners = [-1, 1].flatMap((x) => [-1, 1].map((y) => ({ x, y })));

/** Small things go to the corners farthest from the main object, so that they hide little of it. */
export function smallThings(random: Random, main: Placed): Placed[] {
	const draw = random.uniform();
	const count = draw < 0.45 ? 0 : draw < 0.85 ? 1 : 2;
	const distance = (corner: { x: number; y: number }) =>
		Math.hypot(0.5 + 0.4 * corner.x - main.x, 0.5 + 0.4 * corner.y - main.y);
	const free = random.shuffle(corners).sort((one, other) => distance(other) - distance(one));
	return random.sample(otherThings, count).map((concept, at) => {
		const side = between(random, 0.25, 0.31);
		const { x, y } = free[at]!;
		const reach = (1 - side) / 2 - 0.01;
		return placed(random, concept, { x: 0.5 + x * reach, y: 0.5 + y * reach, side });
	});
}

/** A scene about `concept`. */
export function composeScene(random: Random, concept: Concept): Scene {
	const size: Size = random.uniform() < 0.5 ? "small" : "large";
	const side = size === "small" ? between(random, 0.55, 0.63) : between(random, 0.75, 0.85);
	const place = random.pick(places);
	const x = along(random, place === "left" ? -1 : place === "right" ? 1 : 0, side);
	const y = along(random, place === "top" ? -1 : place === "bottom" ? 1 : 0, side);
	const main = placed(random, concept, { x, y, side });
	const pattern = groundPattern(random);
	return {
		style: random.pick(styles),
		colour: random.pick(colourNames),
		pattern,
		place,
		size,
		main,
		beside: smallThings(random, main),
	};
}
