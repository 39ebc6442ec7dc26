/** How a figure's quantities are written, and which way each side wishes them to go. */
import { formatNumber, formatRank, formatShare, formatShareTick, formatWhole } from "../ui/format.ts";
import type { Measured, Quantity } from "./figure-query.ts";

type Unit = Quantity["unit"];

const formats: Readonly<Record<Unit, (value: number) => string>> = {
	SHARE: formatShare,
	RANK: formatRank,
	DISTANCE: formatNumber,
	COUNT: formatWhole,
	NUMBER: formatNumber,
};

export const formatOf = (unit: Unit) => formats[unit];
export const tickOf = (unit: Unit) => (unit === "SHARE" ? formatShareTick : formats[unit]);

export type Side = "ATTACKER" | "DEFENDER";

/** What a side wishes a quantity to be; null where nobody cares. */
export function wishOf({ attackerWants }: Pick<Quantity, "attackerWants">, side: Side): "HIGH" | "LOW" | null {
	if (attackerWants === null || side === "ATTACKER") return attackerWants;
	return attackerWants === "HIGH" ? "LOW" : "HIGH";
}

/** The row whose number a side likes best; null where nobody cares, or fewer than two rows are measured. */
export function bestOf(values: readonly Measured[], wish: "HIGH" | "LOW" | null): number | null {
	const measured = values.flatMap((value, at) => (value.measured ? [{ at, mean: value.measured.mean }] : []));
	if (wish === null || measured.length < 2) return null;
	return measured.reduce((a, b) => ((wish === "HIGH" ? b.mean > a.mean : b.mean < a.mean) ? b : a)).at;
}
