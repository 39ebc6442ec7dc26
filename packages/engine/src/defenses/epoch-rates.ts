/** Learning rates of a defense that trains epoch by epoch: together they make one cosine, as one training would. */

const FLOOR = 0.1;
/** Steps of warm-up before the first epoch; later ones only let a fresh AdamW find its moments. */
const [FIRST_WARMUP, LATER_WARMUP] = [20, 5];

/** Where epoch `epoch` of `epochs` begins and ends on a cosine from `peak` to a tenth of it. */
export function ramp(
	peak: number,
	epoch: number,
	epochs: number,
): { learningRate: number; minimumLearningRate: number; warmupSteps: number } {
	const at = (place: number) => peak * (FLOOR + (1 - FLOOR) * 0.5 * (1 + Math.cos((Math.PI * place) / epochs)));
	return {
		learningRate: at(epoch),
		minimumLearningRate: at(epoch + 1),
		warmupSteps: epoch === 0 ? FIRST_WARMUP : LATER_WARMUP,
	};
}
