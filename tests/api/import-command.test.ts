/** `mithridate datasets import` and its sisters, as a person types them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freshDatabase } from "@mithridate/db/testing";
import { afterAll, describe, expect, test } from "vitest";
import { startApi } from "./api.fixture.ts";
import { uuidOf } from "./subjects.fixture.ts";

const database = await freshDatabase();
const api = await startApi(database, { facts: { importRoot: null } });
const root = realpathSync(mkdtempSync(join(tmpdir(), "mithridate-import-command-")));
mkdirSync(join(root, "allowed", "coco"), { recursive: true });
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("the command", () => {
	const program = resolve(import.meta.dirname, "../../apps/api/bin/mithridate.ts");
	async function command(...args: string[]) {
		const server = ["--url", `http://localhost:${api.port}`, "--token", api.token];
		const child = spawn(process.execPath, [program, ...args, ...server], { cwd: root });
		let [stdout, stderr] = ["", ""];
		child.stdout.on("data", (chunk) => (stdout += chunk));
		child.stderr.on("data", (chunk) => (stderr += chunk));
		const [code] = (await once(child, "close")) as [number];
		return { code, stdout, stderr };
	}

	test("turns words into the typed input, and a relative path into the server's", async () => {
		const args = ["import", "coco", "allowed/coco", "--set", "year=2017", "--set", "leaveOut=toaster, hair drier"];
		const { code, stdout, stderr } = await command("datasets", ...args, "--size", "96", "--no-watch", "--json");
		expect(stderr).toBe("");
		expect(code).toBe(0);
		const asked = JSON.parse(stdout);
		expect(asked).toMatchObject({ importer: "coco", path: join(root, "allowed", "coco"), status: "QUEUED" });
		const { rows } = await database.pool.query("SELECT settings FROM imports WHERE id = $1", [uuidOf(asked.id)]);
		expect(rows[0].settings).toMatchObject({
			params: { year: "2017", leaveOut: ["toaster", "hair drier"] },
			images: { size: 96 },
		});
		const cancelled = await command("datasets", "cancel", asked.id, "--json");
		expect(JSON.parse(cancelled.stdout)).toMatchObject({ id: asked.id, status: "CANCELLED" });
		const watched = await command("datasets", "watch", asked.id);
		expect(watched).toMatchObject({ code: 3, stderr: expect.stringContaining("cancelled") });
	});

	test.each<[string[], RegExp]>([
		[["import", "tiff", "."], /there are .*pascalSentences/],
		[["import", "coco", ".", "--set", "yeer=2014"], /there are .*year/],
		[["import", "coco", ".", "--set", "year=2015"], /_2014|2014/],
		[["import", "coco", ".", "--set", "year"], /NAME=VALUE/],
		[["import", "coco", "nowhere"], /nothing there/],
	])("refuses %j with exit code 2", async (args, message) => {
		const { code, stderr } = await command("datasets", ...args);
		expect(stderr).toMatch(message);
		expect(code).toBe(2);
	});
});
