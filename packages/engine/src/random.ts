/** Seeded randomness as an argument: streams are split by name, and their state can be saved and restored. */
import { createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** Four 32-bit words of the generator, plus the spare normal deviate if one is held. */
export interface RandomState {
	readonly words: readonly number[];
	readonly spare: number | null;
}

/** A stream of random numbers. Two streams with the same seed and path of names yield the same numbers. */
export class Random {
	/** The seed and the names this stream was split by, e.g. `42/train/shuffle`. */
	readonly key: string;
	#generator: ReturnType<typeof xoroshiro128plusFromState>;
	#spare: number | null = null;

	constructor(key: string | number) {
		this.key = String(key);
		const digest = createHash("sha256").update(this.key).digest();
		this.#generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
	}

	/** An independent stream named under this one; drawing from either never moves the other. */
	split(name: string): Random {
		return new Random(`${this.key}/${name}`);
	}

	/** Uniform in [0, 1) with 53 random bits. */
	uniform(): number {
		const high = this.#generator.next() >>> 5;
		const low = this.#generator.next() >>> 6;
		return (high * 67108864 + low) / 9007199254740992;
	}

	/** Uniform integer in [0, count); `count` at least 1. */
	integer(count: number): number {
		if (!Number.isInteger(count) || count < 1)
			throw new RangeError(`integer(count) needs a count of at least 1, not ${count}`);
		return uniformInt(this.#generator, 0, count - 1);
	}

	/** Standard normal deviate (Marsaglia's polar method). */
	normal(): number {
		if (this.#spare !== null) {
			const held = this.#spare;
			this.#spare = null;
			return held;
		}
		for (;;) {
			const x = 2 * this.uniform() - 1;
			const y = 2 * this.uniform() - 1;
			const square = x * x + y * y;
			if (square === 0 || square >= 1) continue;
			const scale = Math.sqrt((-2 * Math.log(square)) / square);
			this.#spare = y * scale;
			return x * scale;
		}
	}

	/** One element, uniformly; the list must not be empty. */
	pick<T>(items: readonly T[]): T {
		return items[this.integer(items.length)] as T;
	}

	/** A shuffled copy (Fisher-Yates). */
	shuffle<T>(items: readonly T[]): T[] {
		const copy = [...items];
		for (let last = copy.length - 1; last > 0; last--) {
			const other = this.integer(last + 1);
			[copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
		}
		return copy;
	}

	/** `count` different elements in random order. */
	sample<T>(items: readonly T[], count: number): T[] {
		if (count > items.length) throw new RangeError(`cannot draw ${count} of ${items.length} without replacement`);
		return this.shuffle(items).slice(0, count);
	}

	/** Everything needed to go on from here. */
	state(): RandomState {
		return { words: this.#generator.getState(), spare: this.#spare };
	}
}
