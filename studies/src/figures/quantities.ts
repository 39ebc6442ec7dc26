/** The quantities that figures show. */
import type { Quantity } from "./figure.ts";

export const hitQuantity = (cutoff: number): Quantity => ({
	title: `Hit@${cutoff}`,
	unit: "share",
	attackerWants: "high",
});
export const minRankQuantity: Quantity = { title: "MinRank", unit: "rank", attackerWants: "low" };
/** An attacker wishes to go unnoticed, and so wants the model to stay good as well. */
export const utilityQuantity = (title: string): Quantity => ({ title, unit: "share", attackerWants: null });
export const epochQuantity: Quantity = { title: "epochs", unit: "number", attackerWants: null };
export const countQuantity = (title: string): Quantity => ({ title, unit: "count", attackerWants: null });
