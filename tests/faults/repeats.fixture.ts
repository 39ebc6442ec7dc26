/** How often a fault is repeated: a few times in every test run, as often as promised by `npm run test:faults`. */

/** The script starts vitest with `--mode faults`. */
const { MODE } = (import.meta as { readonly env?: { readonly MODE?: string } }).env ?? {};

export function timesOver({ ci, whole }: { ci: number; whole: number }): number {
	return MODE === "faults" ? whole : ci;
}
