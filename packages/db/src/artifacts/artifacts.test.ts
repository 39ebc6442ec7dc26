import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";
import { type ArtifactStore, faultOf, readArtifact } from "./contract.ts";
import { diskArtifacts } from "./disk.ts";
import { s3Artifacts } from "./s3.ts";

const folder = mkdtempSync(join(tmpdir(), "mithridate-artifacts-"));
const objects = new Map<string, Buffer>();
const server = createServer(async (request, response) => {
	const key = new URL(request.url!, "http://x").pathname;
	const found = objects.get(key);
	if (request.method === "PUT") {
		objects.set(key, await buffer(request));
		response.end();
	} else if (request.method === "DELETE") {
		objects.delete(key);
		response.writeHead(204).end();
	} else if (!found) {
		response.writeHead(404, { "content-type": "application/xml" });
		response.end(request.method === "HEAD" ? "" : "<Error><Code>NoSuchKey</Code></Error>");
	} else {
		response.writeHead(200, { "content-length": found.length });
		response.end(request.method === "HEAD" ? "" : found);
	}
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const bucket = s3Artifacts({
	bucket: "lab",
	region: "eu-central-1",
	endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
	credentials: { accessKeyId: "id", secretAccessKey: "secret" },
	prefix: "mithridate/",
	temporaryFolder: join(folder, "tmp"),
});
const disk = diskArtifacts(join(folder, "artifacts"));
afterAll(() => {
	bucket.close();
	server.close();
	rmSync(folder, { recursive: true });
});

const octets = { mediaType: "application/octet-stream" };
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const content = Buffer.from("x".repeat(200_000));
const absent = hashOf(Buffer.from("absent"));

const spoilers: Record<string, (sha256: string, bytes: Buffer) => void> = {
	disk: (sha256, bytes) => writeFileSync(disk.path(sha256), bytes),
	s3: (sha256, bytes) => objects.set(`/lab/mithridate/${sha256.slice(0, 2)}/${sha256}`, bytes),
};

describe.each<[string, ArtifactStore]>([
	["disk", disk],
	["s3", bucket],
])("on %s", (name, store) => {
	test("content comes back as it was stored, however it was given", async () => {
		const path = join(folder, "source");
		writeFileSync(path, content);
		const sha256 = hashOf(content);
		for (const source of [content, Readable.from([content.subarray(0, 7), content.subarray(7)]), { path }]) {
			expect(await store.put(source, octets)).toEqual({ sha256, bytes: content.length });
			expect(Buffer.from(await readArtifact(store, sha256))).toEqual(content);
			expect(await store.head(sha256)).toEqual({ bytes: content.length });
			await store.delete(sha256);
			expect(await store.head(sha256)).toBeNull();
		}
	});

	test("empty content is content", async () => {
		const { sha256, bytes } = await store.put(new Uint8Array(0), octets);
		expect([bytes, await faultOf(store, sha256)]).toEqual([0, null]);
	});

	test("what is not there is a typed error, and may be deleted", async () => {
		await expect(readArtifact(store, absent)).rejects.toMatchObject({ code: "artifact-missing", subject: absent });
		expect(await faultOf(store, absent)).toBe("missing");
		await store.delete(absent);
	});

	test.each([
		["one bit flipped", (bytes: Buffer) => bytes.with(1000, bytes[1000]! ^ 1)],
		["cut short", (bytes: Buffer) => bytes.subarray(0, 100)],
		["emptied", () => Buffer.alloc(0)],
		["another artifact's content", () => Buffer.from("other")],
	])("content with %s never reads as whole, and storing it again heals it", async (_, spoil) => {
		const { sha256 } = await store.put(content, octets);
		spoilers[name]!(sha256, Buffer.from(spoil(content)));
		await expect(readArtifact(store, sha256)).rejects.toMatchObject({ code: "artifact-damaged", subject: sha256 });
		expect(await faultOf(store, sha256)).toBe("damaged");
		await store.put(content, octets);
		expect(await faultOf(store, sha256)).toBeNull();
	});

	test.each(["../../etc/passwd", "", "AB".repeat(32), `${absent}\0`, `${absent}/..`])(
		"the name %j is refused by every call",
		async (bad) => {
			const refused = { code: "invalid-input" };
			await expect(store.get(bad)).rejects.toMatchObject(refused);
			await expect((async () => store.head(bad))()).rejects.toMatchObject(refused);
			await expect((async () => store.delete(bad))()).rejects.toMatchObject(refused);
		},
	);

	test("a source that fails stores nothing", async () => {
		const broken = Readable.from(
			(async function* () {
				yield content;
				throw new Error("torn");
			})(),
		);
		await expect(store.put(broken, octets)).rejects.toThrow("torn");
	});
});

test("a signed address of a bucket gives the content, a folder has none", async () => {
	const { sha256 } = await bucket.put(content, octets);
	const address = await bucket.sign(sha256, { expiresIn: 60 });
	expect(address).toContain("X-Amz-Expires=60");
	expect(Buffer.from(await (await fetch(address!)).arrayBuffer())).toEqual(content);
	expect(await disk.sign(sha256, { expiresIn: 60 })).toBeNull();
});

test("files and folders on disk are their owner's alone, and no half-written one stays", async () => {
	const { sha256 } = await disk.put(content, octets);
	const path = disk.path(sha256);
	expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
	for (const above of [join(path, ".."), join(path, "..", "..")])
		expect((statSync(above).mode & 0o777).toString(8)).toBe("700");
	expect(readdirSync(join(folder, "artifacts")).filter((name) => name.length > 2)).toEqual([]);
});

test("what a killed writer left is swept once it is idle, what is being written is not", async () => {
	const [old, young] = ["writing-old", "writing-young"].map((name) => join(folder, "artifacts", name));
	for (const path of [old!, young!]) writeFileSync(path, "half");
	utimesSync(old!, 0, 0);
	expect(await disk.sweep({ idleSeconds: 60 })).toBe(1);
	expect(readdirSync(join(folder, "artifacts"))).toContain("writing-young");
	const listed: string[] = [];
	for await (const { sha256 } of disk.list()) listed.push(sha256);
	expect(listed).toContain(hashOf(content));
	expect(listed).not.toContain("writing-young");
});
