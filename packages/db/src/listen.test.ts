import { expect, test } from "vitest";
import { listen } from "./listen.ts";
import { freshDatabase } from "./testing.fixture.ts";

const { pool, url } = await freshDatabase();

test("bells arrive, and after a lost connection null tells that some may be missing", async () => {
	const bells: (string | null)[] = [];
	let wake = () => {};
	const next = () => new Promise<void>((resolve) => (wake = resolve));
	const listener = await listen(url, "a channel", (bell) => {
		bells.push(bell);
		wake();
	});
	const ring = (text: string) => pool.query("SELECT pg_notify('a channel', $1)", [text]);
	await Promise.all([next(), ring("one")]);
	const cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mithridate-listener'";
	await Promise.all([next(), pool.query(cut)]);
	await Promise.all([next(), ring("two")]);
	expect(bells).toEqual(["one", null, "two"]);
	await listener.close();
	expect((await pool.query(cut)).rowCount).toBe(0);
});
