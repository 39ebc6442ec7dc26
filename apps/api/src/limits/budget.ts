/** Sums what each caller's operations cost over a window of time, and refuses what goes beyond. */
import { ApiError } from "../errors.ts";
import type { Cost } from "./cost.ts";
import { COST_LIMITS } from "./limits.ts";

/** What the `rateLimit` field and the `x-ratelimit-*` headers tell. */
export interface CostReport {
	/** Points per window. */
	readonly limit: number;
	/** Points of this operation. */
	readonly cost: number;
	readonly remaining: number;
	readonly used: number;
	readonly resetAt: Date;
	/** Objects this operation may answer with. */
	readonly nodeCount: number;
}

export interface Budget {
	/**
	 * Takes the price of an operation off a caller's points, or only tells it (`isDry`).
	 * @throws ApiError `RATE_LIMITED`, taking nothing, where the points do not do.
	 */
	spend(caller: string, cost: Cost, isDry?: boolean): CostReport;
}

/** A budget of `limit` points per caller and window of one minute. */
export function createBudget(limit: number, clock: () => Date): Budget {
	const windows = new Map<string, { used: number; endsAt: number }>();

	return {
		spend(caller, cost, isDry = false) {
			const now = clock().getTime();
			let window = windows.get(caller);
			if (!window || window.endsAt <= now) {
				// Callers that went away are forgotten with the first one that opens a window.
				for (const [name, { endsAt }] of windows) if (endsAt <= now) windows.delete(name);
				window = { used: 0, endsAt: now + COST_LIMITS.windowMs };
				windows.set(caller, window);
			}
			const resetAt = new Date(window.endsAt);
			if (!isDry && window.used + cost.points > limit)
				throw new ApiError(
					"RATE_LIMITED",
					`${limit} points a minute are used up; ask again after ${resetAt.toISOString()}.`,
					{ limit, resetAt },
				);
			if (!isDry) window.used += cost.points;
			const report = { limit, cost: cost.points, used: window.used, resetAt, nodeCount: cost.nodes };
			return { ...report, remaining: limit - window.used };
		},
	};
}
