/** What an attack wants, in short, read from its parameters: whichever way they name classes. */
import type { ExperimentConfig } from "@mithridate/engine";

interface Named {
	readonly from?: unknown;
	readonly to?: unknown;
	readonly goals?: readonly { readonly from: string; readonly to: string }[];
}

/** "sheep → aeroplane", several with commas; empty for an attack that names no classes. */
export function goalsLabel({ attack }: Pick<ExperimentConfig, "attack">): string {
	const { from, to, goals } = attack.params as Named;
	const pairs = goals ?? (typeof from === "string" && typeof to === "string" ? [{ from, to }] : []);
	return pairs.map((goal) => `${goal.from} → ${goal.to}`).join(", ");
}
