/** Time left of jobs, from how long models of each kind took: a clean one is often known, and a defense may train ten times as long as an attack. */
import type { Kinds } from "./local.ts";
import { kindOf, type Record } from "./record.ts";

/** Times are milliseconds of one clock. A unit is known by its job's key and its seed. */
export interface TimeLeft {
	/** A unit begins. */
	begin(unit: string, at: number): void;
	/** A unit's next model is measured. */
	measured(unit: string, record: Pick<Record, "model" | "defense">, at: number): void;
	/** Milliseconds to the end; null before the first model. A kind that no model was of yet is taken for an average one. */
	estimate(): number | null;
}

/** `kinds` are to be measured on so many lanes at a time. */
export function createTimeLeft(kinds: Kinds, lanes: number): TimeLeft {
	const left = new Map(Object.entries(kinds));
	const spent = new Map<string, number[]>();
	const since = new Map<string, number>();
	return {
		begin: (unit, at) => void since.set(unit, at),
		measured(unit, record, at) {
			const kind = kindOf(record);
			left.set(kind, (left.get(kind) ?? 1) - 1);
			spent.set(kind, [...(spent.get(kind) ?? []), at - (since.get(unit) ?? at)]);
			since.set(unit, at);
		},
		estimate() {
			const all = [...spent.values()].flat();
			if (all.length === 0) return null;
			const total = [...left].reduce((sum, [kind, count]) => sum + count * mean(spent.get(kind) ?? all), 0);
			return total / lanes;
		},
	};
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
