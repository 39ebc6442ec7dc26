import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { emptyDatabase } from "./testing.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "mithridate-migrations-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		return (await client.query<Row>(text)).rows;
	} finally {
		await client.end();
	}
}

const tables = (url: string) =>
	query<{ name: string }>(url, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");

/** The committed migrations and one more. */
function withMore(name: string, sql: string): string {
	const copy = join(folder, name);
	cpSync(join(import.meta.dirname, "migrations"), copy, { recursive: true });
	const journal = JSON.parse(readFileSync(join(copy, "meta", "_journal.json"), "utf8"));
	const last = journal.entries.at(-1);
	journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: name });
	writeFileSync(join(copy, "meta", "_journal.json"), JSON.stringify(journal));
	writeFileSync(join(copy, `${name}.sql`), sql);
	return copy;
}

test("of two programs that migrate at once one waits, and each migration is applied once", async () => {
	const { url } = await emptyDatabase();
	const applied = await Promise.all([migrate({ url }), migrate({ url }), migrate({ url })]);
	expect(applied.filter((count) => count > 0)).toHaveLength(1);
	expect(await migrate({ url })).toBe(0);
	expect(await tables(url)).toContainEqual({ name: "metric_points" });
});

test("a program killed in the middle of a migration leaves the tables as they were, and the next completes it", async () => {
	const { url } = await emptyDatabase();
	await migrate({ url });
	const before = await tables(url);
	const slow = withMore("slow", "CREATE TABLE half (id int);--> statement-breakpoint\nSELECT pg_sleep(60);");
	const module = join(import.meta.dirname, "migrate.ts");
	const script = `import { migrate } from ${JSON.stringify(module)}; await migrate(${JSON.stringify({ url, folder: slow })});`;
	const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
	const asleep = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()";
	while ((await query(url, asleep)).length === 0) expect(child.exitCode).toBeNull();
	child.kill("SIGKILL");
	await once(child, "exit");
	// The server notices a lost client at its next write; an operator ends the statement.
	await query(url, `SELECT pg_terminate_backend(pid) FROM (${asleep}) AS sleeper`);
	expect(await tables(url)).toEqual(before);
	writeFileSync(join(slow, "slow.sql"), "CREATE TABLE half (id int);");
	expect(await migrate({ url, folder: slow })).toBe(1);
	expect(await tables(url)).toContainEqual({ name: "half" });
});

/** The committed migrations up to some number of them, as an older version had them. */
function onlyFirst(count: number): string {
	const copy = join(folder, `first-${count}`);
	cpSync(join(import.meta.dirname, "migrations"), copy, { recursive: true });
	const journal = JSON.parse(readFileSync(join(copy, "meta", "_journal.json"), "utf8"));
	writeFileSync(
		join(copy, "meta", "_journal.json"),
		JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }),
	);
	return copy;
}

test("a database of the first version keeps its studies and runs", async () => {
	const { url } = await emptyDatabase();
	expect(await migrate({ url, folder: onlyFirst(1) })).toBe(1);
	await query(
		url,
		`WITH study AS (INSERT INTO studies (id, slug, name) VALUES (gen_random_uuid(), 'old', 'Old') RETURNING id)
		INSERT INTO runs (id, name, study_id, config, config_hash, group_hash, seed, attack, goals_label, defenses)
		SELECT gen_random_uuid(), 'old run', id, '{}', repeat('0', 64), repeat('0', 64), seed, 'singleLabel', '', '{}'
		FROM study, generate_series(1, 2) AS seed`,
	);
	expect(await migrate({ url })).toBeGreaterThan(0);
	const rows = await query(
		url,
		"SELECT slug, definition, setting, cell, seed::int FROM studies JOIN runs ON study_id = studies.id ORDER BY seed",
	);
	const old = { slug: "old", definition: null, setting: null, cell: null };
	expect(rows).toEqual([1, 2].map((seed) => ({ ...old, seed })));
});

test("a migration that fails is undone and says why", async () => {
	const { url } = await emptyDatabase();
	const broken = withMore("broken", "CREATE TABLE half (id int);--> statement-breakpoint\nSELECT 1 / 0;");
	await expect(migrate({ url, folder: broken })).rejects.toMatchObject({ code: "migration-failed" });
	expect(await tables(url)).not.toContainEqual({ name: "half" });
});

test("a database of a newer version is refused", async () => {
	const { url } = await emptyDatabase();
	await migrate({ url, folder: withMore("newer", "CREATE TABLE later (id int);") });
	await expect(migrate({ url })).rejects.toThrow(/made by another version/);
});
