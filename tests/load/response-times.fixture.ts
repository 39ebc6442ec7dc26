/** A database as full as a busy year leaves it, written by a few statements. */
import { configHashes, type Database } from "@mithridate/db";
import { parseExperiment } from "@mithridate/engine";
import { quantile } from "../api/api.fixture.ts";

const KEYS = ["poisoned/loss", "poisoned/gradientNorm", "clean/loss", "clean/gradientNorm"];

/** Keeps each statement below the pool's time limit. */
const STEPS_AT_A_TIME = 50;

/** Runs in ten studies, each with four evaluations and the same number of points on each of four curves. */
export async function fill({ pool }: Database, { runs, points }: { runs: number; points: number }): Promise<void> {
	const config = parseExperiment({ seeds: [1] });
	const { configHash } = configHashes(config);
	await pool.query(`INSERT INTO studies (id, slug, name)
		SELECT gen_random_uuid(), 'study-' || i, 'Study ' || i FROM generate_series(0, 9) AS i`);
	await pool.query(
		`INSERT INTO runs (id, name, study_id, config, config_hash, group_hash, seed, attack, goals_label, defenses, status,
			last_seq, goals, tags, created_at, queued_at, started_at, ended_at, poisoned_hit_at_10)
		SELECT gen_random_uuid(), 'run ' || i, s.id, $1::jsonb, $2, encode(sha256(convert_to((i / 30)::text, 'UTF8')), 'hex'),
			i % 3, 'singleLabel', 'sheep → aeroplane', '{filter,cure}', 'succeeded', 0, '[]', '{}',
			now() - i * interval '1 minute', now(), now(), now(), i / 1000.0
		FROM generate_series(1, $3) AS i JOIN studies AS s ON s.slug = 'study-' || (i % 10)`,
		[JSON.stringify(config), configHash, runs],
	);
	await pool.query(`INSERT INTO evaluations (id, run_id, model, hit_at_1, hit_at_5, hit_at_10, min_rank,
			text_retrieval_at_10, image_retrieval_at_10, seconds, numbers, goals)
		SELECT gen_random_uuid(), r.id, model, 0.1, 0.2, 0.3, 4, 0.9, 0.8, 60, '{"purity": 0.5}', '[]'
		FROM runs AS r, unnest(ARRAY['clean', 'poisoned', 'filtered', 'cured']) AS model`);
	const each = Math.round(points / runs / KEYS.length);
	for (const key of KEYS)
		for (let from = 1; from <= each; from += STEPS_AT_A_TIME)
			await pool.query(
				`INSERT INTO metric_points (run_id, key, step, value, epoch)
				SELECT r.id, $1, step, random(), 1 FROM runs AS r, generate_series($2::int, $3::int) AS step`,
				[key, from, Math.min(each, from + STEPS_AT_A_TIME - 1)],
			);
	await pool.query("ANALYZE");
}

/** What the dashboard asks for on its three busiest pages. */
export const pages = {
	"run list": `query { runs(first: 50) { totalCount nodes { id number name status tags createdAt endedAt study { name } outcomes { model hitAt10 minRank } progress { stage done total } } pageInfo { endCursor hasNextPage } } }`,
	"run page": `query { run(number: 500) { id name status config { seed attack { __typename } training { epochs } } attempts { number outcome } outcomes { model hitAt1 hitAt5 hitAt10 minRank } metricKeys { key last min max } metrics(keys: ["poisoned/loss", "poisoned/gradientNorm", "clean/loss", "clean/gradientNorm"]) { key steps last min max nonFinite { step } resumeCursor } evaluations { id numbers { name value } } defenseReports { id } stages { name } logs(first: 20) { nodes { message } } } }`,
	"study page": `query { study(slug: "study-5") { name axes { name } counts { status count } cells { coordinates { axis value } status runs { id number seed status } outcomes { model metric mean low high n } } resumeCursor } }`,
} as const;

/** What the 99th percentile of a page's answers has to stay below. */
export const LIMIT_MS = 100;

/** Asks a number of times, one after the other, after some that warm up; throws where an answer has errors. */
export async function measure(
	repeats: number,
	ask: () => Promise<{ readonly errors?: unknown }>,
): Promise<{ p50Ms: number; p99Ms: number }> {
	const times: number[] = [];
	for (let at = -5; at < repeats; at++) {
		const began = performance.now();
		const { errors } = await ask();
		if (errors) throw new Error(JSON.stringify(errors));
		if (at >= 0) times.push(performance.now() - began);
	}
	const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)].map((time) => Math.round(time * 10) / 10);
	return { p50Ms: p50!, p99Ms: p99! };
}
