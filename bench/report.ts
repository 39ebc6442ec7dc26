/** One figure of a benchmark, printed as a JSON line beside what it is measured against in the same run. */
export interface Figure {
	readonly name: string;
	readonly unit: string;
	readonly value: number;
	readonly baseline: { readonly name: string; readonly value: number };
}

/** Prints a figure; `ratio` is value over baseline. */
export function report(figure: Figure): void {
	const round = (value: number) => Number(value.toPrecision(4));
	const { name, unit, value, baseline } = figure;
	const line = {
		name,
		unit,
		value: round(value),
		baseline: { name: baseline.name, value: round(baseline.value) },
		ratio: round(value / baseline.value),
	};
	process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Median of several timings in milliseconds, after one run that is not counted. */
export async function medianMilliseconds(runs: number, work: () => unknown): Promise<number> {
	return (await alternating(runs, [work]))[0] as number;
}

/** The same for several works in turn, so that whatever else the machine does falls on all of them alike. */
export async function alternating(runs: number, works: readonly (() => unknown)[]): Promise<number[]> {
	const times: number[][] = works.map(() => []);
	for (let run = -1; run < runs; run++)
		for (const [at, work] of works.entries()) {
			const began = performance.now();
			await work();
			if (run >= 0) times[at]!.push(performance.now() - began);
		}
	return times.map((each) => each.sort((a, b) => a - b)[Math.floor(runs / 2)] as number);
}
