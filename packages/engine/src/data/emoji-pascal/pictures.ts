/** Plans a split picture by picture. Each picture has its own random stream, so that counts never move each other. */
import type { Random } from "../../random.ts";
import { type Caption, captionsOf } from "./captions.ts";
import { allConcepts, type Concept, otherThings, pascalClasses } from "./concepts.ts";
import { type Canvas, paintGround, paintSprite, toBytes } from "./paint.ts";
import { backgroundColours, composeScene, type Scene } from "./scenes.ts";
import type { SpriteSheet } from "./sprites.ts";
import { composeTrusted, trustedCaptions } from "./trusted.ts";

/** What a split is made of; with the seed it decides every pixel and word. */
export type SplitPlan =
	| { readonly name: "base"; readonly count: number; readonly classShare: number }
	| { readonly name: "train"; readonly perClass: number; readonly filler: number }
	| { readonly name: "test"; readonly perClass: number }
	| { readonly name: "trusted"; readonly count: number };

/** What painting needs: a canvas to work on, noise, sprites, and where the bytes go. */
export interface Easel {
	readonly canvas: Canvas;
	readonly tile: Float32Array;
	readonly sprites: SpriteSheet;
	readonly target: Uint8ClampedArray;
}

/** A picture that is told and ready to be painted. */
export interface Picture {
	readonly label: string | null;
	readonly captions: readonly string[];
	paint(easel: Easel): void;
}

/** A picture of one scene, with its record for whoever wants to check the captions. */
export interface ScenePicture extends Picture {
	readonly scene: Scene;
	readonly told: readonly Caption[];
}

/** A picture about `concept`. */
export function scenePicture(random: Random, concept: Concept, label: string | null): ScenePicture {
	const scene = composeScene(random.split("scene"), concept);
	const told = captionsOf(random.split("captions"), scene);
	return {
		label,
		scene,
		told,
		captions: told.map((one) => one.text),
		paint({ canvas, tile, sprites, target }) {
			const strokes = random.split("paint");
			const colour = backgroundColours[scene.colour];
			paintGround(canvas, { colour, pattern: scene.pattern, top: 0, bottom: 1 }, strokes);
			for (const spot of [scene.main, ...scene.beside]) {
				paintSprite(canvas, sprites.find(scene.style, spot.drawing.icon), spot);
			}
			toBytes(canvas, tile, target, strokes);
		},
	};
}

function trustedPicture(random: Random, index: number): Picture {
	const scene = composeTrusted(random.split("scene"), index);
	return {
		label: null,
		captions: trustedCaptions(random.split("captions"), scene),
		paint({ canvas, tile, sprites, target }) {
			const strokes = random.split("paint");
			const { above, below } = scene.setting;
			paintGround(canvas, { colour: above.colour, pattern: scene.pattern, top: 0, bottom: scene.horizon }, strokes);
			paintGround(canvas, { colour: below.colour, pattern: "plain", top: scene.horizon, bottom: 1 }, strokes);
			for (const spot of [...scene.things, ...scene.beside])
				paintSprite(canvas, sprites.find(scene.style, spot.drawing.icon), spot);
			toBytes(canvas, tile, target, strokes);
		},
	};
}

/** `perClass` pictures of each class, the classes taking turns. */
export function labelledPictures(random: Random, perClass: number): ScenePicture[] {
	return Array.from({ length: perClass * pascalClasses.length }, (_, at) => {
		const concept = pascalClasses[at % pascalClasses.length]!;
		return scenePicture(random.split(`labelled-${at}`), concept, concept.name);
	});
}

function basePicture(random: Random, classShare: number): Picture {
	const ofClass = random.uniform() < classShare;
	const concept = random.pick(ofClass ? pascalClasses : otherThings);
	return scenePicture(random, concept, ofClass ? concept.name : null);
}

/** All pictures of a split in their final order. */
export function picturesOf(random: Random, plan: SplitPlan): readonly Picture[] {
	if (plan.name === "base") {
		return Array.from({ length: plan.count }, (_, at) => basePicture(random.split(`base-${at}`), plan.classShare));
	}
	if (plan.name === "trusted") {
		return Array.from({ length: plan.count }, (_, at) => trustedPicture(random.split(`trusted-${at}`), at));
	}
	const labelled = labelledPictures(random, plan.perClass);
	if (plan.name === "test") return labelled;
	const filler = Array.from({ length: plan.filler }, (_, at) => {
		const stream = random.split(`filler-${at}`);
		return scenePicture(stream, stream.pick(allConcepts), null);
	});
	return random.split("order").shuffle<Picture>([...labelled, ...filler]);
}
