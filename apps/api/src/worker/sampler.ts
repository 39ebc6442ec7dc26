/** Samples what a process costs while it runs. */
import { availableParallelism } from "node:os";

export interface Sample {
	readonly at: Date;
	/** Busy time since the sample before over wall time and cores, from 0 to 1. */
	readonly cpuShare: number;
	readonly residentBytes: number;
}

/** Calls `onSample` at every interval until the returned function is called. */
export function sampleUsage(milliseconds: number, onSample: (sample: Sample) => void): () => void {
	const cores = availableParallelism();
	let cpu = process.cpuUsage();
	let at = performance.now();
	const timer = setInterval(() => {
		const used = process.cpuUsage(cpu);
		const elapsed = performance.now() - at;
		cpu = process.cpuUsage();
		at = performance.now();
		const cpuShare = Math.min(1, (used.user + used.system) / 1000 / elapsed / cores);
		onSample({ at: new Date(), cpuShare, residentBytes: process.memoryUsage.rss() });
	}, milliseconds);
	timer.unref();
	return () => clearInterval(timer);
}
