/** An invented embedding map: clouds of classes, and poisoned captions that the poisoned model pulls over. */
import { classes } from "./catalog.ts";
import { normal, randomOf } from "./random.ts";
import { image } from "./runs.ts";

const perClass = 12;
const poisonedCount = 30;

export function embeddingMap({ input }: { input: { modelIds: string[]; axes: string } }) {
	const test = classes.flatMap((name, at) =>
		Array.from({ length: perClass }, (_, row) => ({
			sample: `test-${at * perClass + row}`,
			class: name,
			caption: `A ${name} on a hill.`,
			image: image(at, row),
			isPoisoned: false,
		})),
	);
	const poisoned = Array.from({ length: poisonedCount }, (_, row) => ({
		sample: `train-${row}`,
		class: "sheep",
		caption: "A white sheep near a fence.",
		image: image(0, row),
		isPoisoned: true,
	}));
	const pairs = [...test, ...poisoned];
	const points = (["IMAGE", "CAPTION"] as const).flatMap((kind, part) =>
		pairs.map((pair, at) => ({
			...pair,
			kind,
			image: kind === "IMAGE" ? pair.image : null,
			partner: part === 0 ? pairs.length + at : at,
		})),
	);
	const centreOf = (name: string): readonly [number, number] => {
		const random = randomOf(`centre ${name}`);
		if (name === "sheep") return [0, 0.1];
		return name === "aeroplane" ? [1, -0.1] : [0.5 * normal(random), 0.7 * normal(random)];
	};
	return {
		explained: [0.31, 0.12],
		testPairs: 500,
		hasMorePoisonedPairs: false,
		points,
		models: input.modelIds.map((id) => {
			const name = id.split("-").at(-1) ?? "";
			const placed = points.map((point) => {
				const random = randomOf(`${point.kind} ${point.sample} ${point.isPoisoned}`);
				const isPicture = point.kind === "IMAGE";
				const pulled = name === "poisoned" && point.class === "sheep" && !isPicture ? 0.85 : 0;
				const [x, y] = centreOf(point.isPoisoned && isPicture ? "aeroplane" : point.class);
				return [x + pulled + 0.12 * normal(random), y + 0.12 * normal(random)];
			});
			return { model: { __typename: "Model", id, name }, xs: placed.map(([x]) => x), ys: placed.map(([, y]) => y) };
		}),
	};
}
