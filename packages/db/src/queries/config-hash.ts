/** Hashes that tell which runs are the same experiment, with and without their seed. */
import { createHash } from "node:crypto";
import type { ExperimentConfig } from "@mithridate/engine";

/** JSON with the keys of every object in alphabetical order: equal values give equal text. */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(value, (_, inner: unknown) =>
		inner !== null && typeof inner === "object" && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);
}

/** SHA-256 of a value's canonical JSON, in hexadecimal. */
export function hashOf(value: unknown): string {
	return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** `configHash` of the whole configuration, `groupHash` of everything but its seed. */
export function configHashes(config: ExperimentConfig): { configHash: string; groupHash: string } {
	const { seeds: _, ...group } = config;
	return { configHash: hashOf(config), groupHash: hashOf(group) };
}
