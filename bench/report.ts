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
	await work();
	const times: number[] = [];
	for (let run = 0; run < runs; run++) {
		const began = performance.now();
		await work();
		times.push(performance.now() - began);
	}
	return times.sort((a, b) => a - b)[Math.floor(runs / 2)] as number;
}
