import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { openArtifacts } from "./artifact-store.ts";
import { readEnv } from "./env.ts";
import { WorkerEnv } from "./worker/env.ts";

const folder = mkdtempSync(join(tmpdir(), "mithridate-store-"));
const asked: string[] = [];
const bucket = createServer((request, response) => {
	asked.push(`${request.method} ${new URL(request.url!, "http://bucket").pathname}`);
	request.resume().on("end", () => response.end());
});
await new Promise<void>((resolve) => bucket.listen(0, "127.0.0.1", resolve));
afterAll(() => {
	bucket.close();
	rmSync(folder, { recursive: true });
});

const environment = {
	MITHRIDATE_S3_BUCKET: "lab",
	MITHRIDATE_S3_ENDPOINT: `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`,
	MITHRIDATE_S3_PREFIX: "clip/",
};

test.each([
	["the server", (given: Record<string, string>) => readEnv(given).store],
	["a worker", (given: Record<string, string>) => WorkerEnv.parse(given)],
])("%s keeps files in the bucket that the environment names, else in its data folder", async (_, read) => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", "id");
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
	const store = openArtifacts(folder, read(environment));
	const { sha256 } = await store.put(Buffer.from("content"), { mediaType: "text/plain" });
	expect(asked.splice(0)).toEqual([`PUT /lab/clip/${sha256.slice(0, 2)}/${sha256}`]);

	const own = openArtifacts(folder, read({}));
	await own.put(Buffer.from("content"), { mediaType: "text/plain" });
	expect("path" in own && own.path(sha256).startsWith(folder)).toBe(true);
	expect(asked).toEqual([]);
});
