/** Metric points of a batch: new ones are stored and told, repeated ones compared bit for bit. */
import { sql } from "drizzle-orm";
import { metricPoints } from "../schema/index.ts";
import { type NewEvent, toJsonNumber } from "../shapes.ts";
import type { ItemOf, RecordItem, Recording } from "./record-items.ts";
import { floats, list } from "./rows.ts";

type Point = ItemOf<"metric-point"> & { readonly at: number };

/** Stores the points of a batch; returns one event per stage and step, by the place of its first point in the batch. */
export async function recordMetrics(
	{ tx, run, differences }: Recording,
	items: readonly RecordItem[],
): Promise<Map<number, NewEvent>> {
	const points = items.flatMap((item, at): Point[] => (item.kind === "metric-point" ? [{ ...item, at }] : []));
	if (points.length === 0) return new Map();
	const keys = list(points.map(({ key }) => key));
	const steps = list(points.map(({ step }) => step));
	const inserted = await tx.execute<{ key: string; step: number }>(sql`
		INSERT INTO ${metricPoints} (run_id, key, step, value, epoch)
		SELECT ${run.id}, key, step, value, ${run.epoch}
		FROM unnest(${keys}::text[], ${steps}::int[], ${floats(points.map(({ value }) => value))}::float8[]) AS point(key, step, value)
		ON CONFLICT DO NOTHING RETURNING key, step`);
	const news = new Set(inserted.rows.map(addressOf));
	const fresh = points.filter((point) => news.delete(addressOf(point)));
	if (fresh.length < points.length) {
		const { rows } = await tx.execute<{ key: string; step: number; value: number }>(sql`
			SELECT key, step, value FROM ${metricPoints} JOIN unnest(${keys}::text[], ${steps}::int[]) AS point(key, step) USING (key, step)
			WHERE run_id = ${run.id}`);
		const stored = new Map(rows.map((row) => [addressOf(row), row.value]));
		for (const point of points) {
			const before = stored.get(addressOf(point))!;
			if (Object.is(before, point.value)) continue;
			const what = `metric ${point.key} at step ${point.step}`;
			differences.push({ what, stored: String(before), repeated: String(point.value) });
		}
	}
	return eventsOf(fresh);
}

function eventsOf(fresh: readonly Point[]): Map<number, NewEvent> {
	const groups = Map.groupBy(fresh, ({ key, step }) => `${stageOf(key)}\n${step}`);
	return new Map(
		[...groups.values()].map((group) => {
			const [{ at, key, step }] = group as [Point];
			const points = group.map((point) => ({ key: point.key, value: toJsonNumber(point.value) }));
			return [at, { kind: "metric-points", body: { stage: stageOf(key), step, points } }];
		}),
	);
}

/** The stage of a key `<stage>/<name>`; the whole key where it names none. */
function stageOf(key: string): string {
	const slash = key.indexOf("/");
	return slash === -1 ? key : key.slice(0, slash);
}

function addressOf({ key, step }: { key: string; step: number }): string {
	return `${step} ${key}`;
}
