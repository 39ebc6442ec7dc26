/** Compares what a disturbed run recorded with what an undisturbed experiment found. */
import type { Laboratory } from "./laboratory.fixture.ts";
import type { Undisturbed } from "./tiny.fixture.ts";

export interface Account {
	/** Stages whose weights are other than the undisturbed ones. */
	readonly otherWeights: number;
	/** Points that were never recorded, recorded or told of twice, or recorded with another value. */
	readonly missing: number;
	readonly doubled: number;
	readonly different: number;
	/** Numbers between the first and the last event of the run that no event has. */
	readonly gaps: number;
	/** Results that came out otherwise when they were repeated. */
	readonly alarms: number;
}

export const flawless: Account = { otherWeights: 0, missing: 0, doubled: 0, different: 0, gaps: 0, alarms: 0 };

export async function accountFor(
	{ rows }: Laboratory,
	runId: string,
	{ weights, points }: Undisturbed,
): Promise<Account> {
	const files = await rows<{ stage_key: string; sha256: string }>(
		`SELECT stage_key, sha256 FROM checkpoints JOIN checkpoint_files ON checkpoint_id = id
		WHERE kind = 'model' AND name = 'model.safetensors'`,
	);
	const stored = await rows<{ name: string; value: number }>(
		"SELECT key || '@' || step AS name, value FROM metric_points WHERE run_id = $1",
		runId,
	);
	const [told] = await rows<{ told: number; distinct: number }>(
		`SELECT count(*)::int AS told, count(DISTINCT (body ->> 'step', point ->> 'key'))::int AS distinct
		FROM events, jsonb_array_elements(body -> 'points') AS point WHERE run_id = $1 AND kind = 'metric-points'`,
		runId,
	);
	const [numbers] = await rows<{ gaps: number; alarms: number }>(
		`SELECT (max(seq) - count(*))::int AS gaps,
			(count(*) FILTER (WHERE kind = 'log' AND body ->> 'message' LIKE 'determinism alarm%'))::int AS alarms
		FROM events WHERE run_id = $1`,
		runId,
	);
	const names = new Set(stored.map(({ name }) => name));
	const made = new Map(files.map(({ stage_key, sha256 }) => [stage_key, sha256]));
	return {
		otherWeights: [...weights].filter(([key, sha256]) => made.get(key) !== sha256).length,
		missing: [...points.keys()].filter((name) => !names.has(name)).length + stored.length - told!.distinct,
		doubled: stored.length - names.size + told!.told - told!.distinct,
		different: stored.filter(({ name, value }) => !Object.is(points.get(name), value)).length,
		gaps: numbers!.gaps,
		alarms: numbers!.alarms,
	};
}
