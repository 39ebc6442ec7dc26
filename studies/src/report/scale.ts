/** Linear scales and round tick marks. */

export interface Scale {
	(value: number): number;
	readonly domain: readonly [number, number];
}

/** Maps a domain, whose ends differ, to a range. */
export function scaleOf(domain: readonly [number, number], range: readonly [number, number]): Scale {
	const [low, high] = domain;
	const [from, to] = range;
	return Object.assign((value: number) => from + ((value - low) / (high - low)) * (to - from), { domain });
}

/** Four to nine multiples of 1, 2 or 5 times a power of ten within the domain. */
export function ticksOf([low, high]: readonly [number, number]): number[] {
	const rough = (high - low) / 5;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) as number) * power;
	const first = Math.ceil(low / step - 1e-9);
	const count = Math.floor(high / step + 1e-9) - first + 1;
	return Array.from({ length: count }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}
