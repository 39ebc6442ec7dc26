/** Notices a trainer that lives and gets nowhere. */

export interface Watchdog {
	/** Something was done; `steps` training steps were among it. */
	feed(steps: number): void;
	/** Milliseconds past the limit; 0 or less while all is well. */
	overdue(): number;
}

/** A step may take this many times as long as the middle one of the last hundred. */
const STEPS = 5;
const REMEMBERED = 100;

/** Patience is five median steps, and never less than `leastMilliseconds`. */
export function createWatchdog(leastMilliseconds: number, now: () => number): Watchdog {
	const durations: number[] = [];
	let last = now();
	return {
		feed(steps) {
			const at = now();
			if (steps > 0) durations.push((at - last) / steps);
			if (durations.length > REMEMBERED) durations.shift();
			last = at;
		},
		overdue() {
			const median = durations.toSorted((a, b) => a - b)[durations.length >> 1] ?? 0;
			return now() - last - Math.max(leastMilliseconds, STEPS * median);
		},
	};
}
