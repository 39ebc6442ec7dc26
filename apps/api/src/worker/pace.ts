/** Guesses how long a run still takes from the steps it has made. */

export interface Pace {
	/** Told of each training step; seconds until the last training is done, null before the second step. */
	step(stage: string, step: number, steps: number): number | null;
}

/** Weight of the newest step in the running mean: about the last twenty count. */
const NEWEST = 0.1;

/** A pace over the trainings of one run, each taken to be as long as the current one. Evaluations are not counted. */
export function createPace(trainings: readonly string[], now: () => number): Pace {
	let last: { stage: string; at: number } | null = null;
	let secondsPerStep: number | null = null;
	return {
		step(stage, step, steps) {
			const at = now();
			if (last?.stage === stage) {
				const seconds = (at - last.at) / 1000;
				secondsPerStep = secondsPerStep === null ? seconds : secondsPerStep + NEWEST * (seconds - secondsPerStep);
			}
			last = { stage, at };
			if (secondsPerStep === null) return null;
			const place = trainings.indexOf(stage);
			const later = place < 0 ? 0 : trainings.length - place - 1;
			return secondsPerStep * (steps - step + later * steps);
		},
	};
}
