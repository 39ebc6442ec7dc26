/** Routes that name files: what is there is sent safely, and nothing else can be reached. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { get as getOver } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { ensureArtifacts, ensureDataset, record } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import sharp from "sharp";
import { expect, test } from "vitest";
import { figure, startApi } from "./api.fixture.ts";
import { runningStudy } from "./runs.fixture.ts";

const webFolder = mkdtempSync(join(tmpdir(), "mithridate-web-"));
const canary = `canary-${randomBytes(8).toString("hex")}`;
writeFileSync(join(webFolder, "..", canary), canary);
mkdirSync(join(webFolder, "_next", "static"), { recursive: true });
writeFileSync(join(webFolder, "_next", "static", "a.js"), "1");
writeFileSync(join(webFolder, ".env"), canary);
writeFileSync(
	join(webFolder, "index.html"),
	'<!doctype html><p style="color: red">home<script>let a = 1;</script><script src="/a.js"></script><style>p { margin: 0 }</style>',
);
symlinkSync(join(webFolder, "..", canary), join(webFolder, "link.html"));
symlinkSync("/etc", join(webFolder, "linked"));

const database = await freshDatabase();
const api = await startApi(database, { webFolder });
const auth = { authorization: `Bearer ${api.token}` };
const get = (path: string, headers: Record<string, string> = {}) =>
	fetch(`${api.url}${path}`, { headers: { ...auth, ...headers } });

const size = 4;
const pixels = Buffer.from(Array.from({ length: 3 * size * size * 3 }, (_, at) => (at * 37) % 256));
const stored = await api.services.artifacts.put(pixels, { mediaType: "application/octet-stream" });
await ensureArtifacts(database.db, [{ ...stored, mediaType: "application/octet-stream" }]);
await ensureDataset(database.db, {
	name: "toy",
	hash: "a".repeat(64),
	settings: {},
	classes: ["a"],
	imageSize: size,
	trainCount: 0,
	testCount: 0,
	trustedCount: 0,
	images: { ...stored, mediaType: "application/octet-stream" },
	pairs: [],
});

test("an image is its row of the pixels, as it is or enlarged without smoothing", async () => {
	const plain = await get(`/images/${stored.sha256}/1.png`);
	expect(plain.headers.get("cache-control")).toContain("immutable");
	const raw = await sharp(Buffer.from(await plain.arrayBuffer()))
		.removeAlpha()
		.raw()
		.toBuffer();
	expect(raw).toEqual(pixels.subarray(size * size * 3, 2 * size * size * 3));
	const large = await get(`/images/${stored.sha256}/1.png?size=8`);
	const { data, info } = await sharp(Buffer.from(await large.arrayBuffer()))
		.removeAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	expect([info.width, info.height]).toEqual([8, 8]);
	expect(data.subarray(0, 3)).toEqual(data.subarray(3, 6));
	const again = await get(`/images/${stored.sha256}/1.png`, { "if-none-match": plain.headers.get("etag")! });
	expect(again.status).toBe(304);
	expect((await get(`/images/${stored.sha256}/3.png`)).status).toBe(404);
	expect((await get(`/images/${stored.sha256}/1.png?size=5000`)).status).toBe(400);
});

test("an image is stamped where its name says so, and names that say nonsense are not found", async () => {
	const stamped = await get(`/images/${stored.sha256}/1-bottom-right-2px.png`);
	const raw = await sharp(Buffer.from(await stamped.arrayBuffer()))
		.removeAlpha()
		.raw()
		.toBuffer();
	const plain = pixels.subarray(size * size * 3, 2 * size * size * 3);
	const last = raw.length;
	expect(raw.subarray(0, 8 * 3)).toEqual(plain.subarray(0, 8 * 3));
	expect([...raw.subarray(last - 6)]).toEqual([0, 255, 0, 255, 0, 255]);
	const plainTag = (await get(`/images/${stored.sha256}/1.png`)).headers.get("etag");
	expect(stamped.headers.get("etag")).not.toBe(plainTag);
	for (const name of ["1-bottom-right-5px", "1-bottom-right-0px", "1-bottom-2px", "1-centre"])
		expect((await get(`/images/${stored.sha256}/${name}.png`)).status).toBe(404);
});

test("an artifact is a download and nothing a browser would run", async () => {
	const response = await get(`/artifacts/${stored.sha256}`);
	expect(Buffer.from(await response.arrayBuffer())).toEqual(pixels);
	expect(response.headers.get("content-disposition")).toContain("attachment");
	expect(response.headers.get("x-content-type-options")).toBe("nosniff");
	expect((await fetch(`${api.url}/artifacts/${stored.sha256}`)).status).toBe(401);
});

test("exports hold every raw point, and no cell that a spreadsheet would run", async () => {
	const { runs } = await runningStudy(database, { slug: "export", runs: 2 });
	const [run] = runs;
	const values = [0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e-300];
	await record(database.db, {
		runId: run!.id,
		epoch: run!.epoch,
		items: values.map((value, at) => ({ kind: "metric-point" as const, key: "poisoned/loss", step: at + 1, value })),
	});
	await database.pool.query("UPDATE runs SET name = $2 WHERE id = $1", [run!.id, '=HYPERLINK("https://evil.example")']);
	const csv = await get(`/export/runs/${run!.number}.csv`);
	expect(csv.headers.get("content-disposition")).toBe(`attachment; filename="run-${run!.number}.csv"`);
	const lines = (await csv.text()).trim().split("\r\n");
	expect(lines).toHaveLength(1 + values.length);
	for (const line of lines) expect(line).not.toMatch(/(^|,)"?[=+@]/);
	expect(lines[2]).toMatch(/poisoned\/loss,2,NaN$/);
	const json = (await (await get(`/export/runs/${run!.number}.json`)).json()) as {
		metrics: { steps: number[]; values: unknown[] }[];
	};
	expect(json.metrics[0]).toMatchObject({ steps: [1, 2, 3, 4], values: [0.5, "NaN", "Infinity", 1e-300] });
	const study = (await (await get("/export/studies/export.json")).json()) as { runs: { run: { number: number } }[] };
	expect(study.runs.map((shown) => shown.run.number)).toEqual(runs.map(({ number }) => number));
	expect((await get("/export/runs/999999.csv")).status).toBe(404);
});

test("a page may run the scripts of its build, and no other", async () => {
	const page = await get("/");
	const policy = page.headers.get("content-security-policy")!;
	expect(policy).not.toContain("unsafe-inline");
	expect(policy).toMatch(/script-src 'self' 'sha256-[^']+';/);
	expect(policy).toContain("frame-ancestors 'none'");
	expect((await get("/_next/static/a.js")).headers.get("cache-control")).toContain("immutable");
	expect((await get("/.env")).status).toBe(404);
});

/** An answer as it came over the wire: `fetch` would unpack it, and hide that it was packed. */
function getPacked(path: string, encodings: string, headers: Record<string, string> = {}) {
	return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
		const options = { headers: { ...auth, "accept-encoding": encodings, ...headers } };
		getOver(`${api.url}${path}`, options, async (response) => {
			const body = Buffer.concat(await response.toArray());
			resolve({ status: response.statusCode!, headers: response.headers, body });
		}).on("error", reject);
	});
}

test("a file goes out in the smallest form that its caller takes, each form with a tag of its own", async () => {
	const script = "let packed = 1;".repeat(200);
	const page = `<!doctype html><title>packed</title><script>${script}</script>`;
	writeFileSync(join(webFolder, "_next", "static", "packed.js"), script);
	writeFileSync(join(webFolder, "packed.html"), page);
	for (const [name, text] of [
		["_next/static/packed.js", script],
		["packed.html", page],
	] as const) {
		writeFileSync(join(webFolder, `${name}.br`), brotliCompressSync(text));
		writeFileSync(join(webFolder, `${name}.gz`), gzipSync(text));
	}
	const unpack = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body: Buffer) => body } as const;
	for (const [path, text, type] of [
		["/_next/static/packed.js", script, "text/javascript; charset=utf-8"],
		["/packed", page, "text/html; charset=utf-8"],
	] as const) {
		const tags = new Set<unknown>();
		for (const [asked, sent] of [
			["gzip, deflate, br", "br"],
			["gzip", "gzip"],
			["br;q=0, gzip;q=0.5", "gzip"],
			["identity", "identity"],
			["deflate", "identity"],
		] as const) {
			const { status, headers, body } = await getPacked(path, asked);
			expect([status, headers["content-encoding"] ?? "identity", headers["content-type"]]).toEqual([200, sent, type]);
			expect(unpack[sent](body).toString()).toBe(text);
			expect(headers["content-length"]).toBe(String(body.length));
			expect(headers.vary).toMatch(/accept-encoding/i);
			tags.add(headers.etag);
			const again = await getPacked(path, asked, { "if-none-match": String(headers.etag) });
			expect([again.status, again.body.length]).toEqual([304, 0]);
		}
		expect(tags.size).toBe(3);
	}
	const policy = (encodings: string) =>
		getPacked("/packed", encodings).then(({ headers }) => headers["content-security-policy"]);
	expect(await policy("br")).toBe(await policy("identity"));
	expect(await policy("br")).toContain("'sha256-");
	expect((await getPacked("/_next/static/packed.js.br", "br")).status).toBe(404);
});

test("a packed form that leads out of the folder is not sent in place of its file", async () => {
	writeFileSync(join(webFolder, "plain.js"), "let plain = 1;");
	symlinkSync(join(webFolder, "..", canary), join(webFolder, "plain.js.br"));
	symlinkSync("/etc", join(webFolder, "plain.js.gz"));
	const { headers, body } = await getPacked("/plain.js", "br, gzip");
	expect([headers["content-encoding"], body.toString()]).toEqual([undefined, "let plain = 1;"]);
});

test("what is no file of the dashboard is refused without a trace of one", async () => {
	const response = await fetch(`${api.url}/_next/static/packed.js`, { method: "POST", headers: auth });
	expect([response.status, response.headers.get("content-encoding")]).toEqual([404, null]);
	expect(response.headers.get("content-type")).toMatch(/^application.json/);
	expect((await get("/_next", { accept: "application/json" })).status).toBe(404);
});

test("a long answer of the API is gzipped for who takes it, a short one is not", async () => {
	const ask = (query: string, encodings: string) =>
		api.post({ query }, { "accept-encoding": encodings }).then(async (response) => ({
			encoding: response.headers.get("content-encoding"),
			vary: response.headers.get("vary"),
			text: await response.text(),
		}));
	const long = "{ __schema { types { name } } }";
	const [packed, plain] = [await ask(long, "gzip"), await ask(long, "identity")];
	expect([packed.encoding, plain.encoding]).toEqual(["gzip", null]);
	expect(packed.vary).toMatch(/accept-encoding/i);
	expect(packed.text).toBe(plain.text);
	expect((await ask("{ serverInfo { version } }", "gzip")).encoding).toBe(null);
});

test("a dashboard that is not built says so", async () => {
	const bare = await startApi(database);
	const response = await fetch(bare.url);
	expect([response.status, await response.text()]).toEqual([503, expect.stringContaining("npm run build")]);
});

/** Sends a path as it stands: `fetch` would tidy it first. */
function getRaw(path: string): Promise<string> {
	return new Promise((resolve) => {
		let text = "";
		const socket = connect(api.port, "127.0.0.1", () =>
			socket.write(
				`GET ${path} HTTP/1.1\r\nHost: localhost:${api.port}\r\nAuthorization: ${auth.authorization}\r\nConnection: close\r\n\r\n`,
				"latin1",
			),
		);
		socket
			.on("data", (data) => (text += data))
			.on("close", () => resolve(text))
			.on("error", () => resolve(text));
	});
}

test("no path leads out of the folders that are served", async () => {
	const ups = [
		"../",
		"..%2f",
		"%2e%2e/",
		"%2e%2e%2f",
		"..%252f",
		"%252e%252e%252f",
		"..\\",
		"..%5c",
		"....//",
		"..;/",
		"..%c0%af",
		"..%00/",
		"./../",
		"%2e./",
	];
	const targets = [canary, "etc/passwd", "proc/self/environ"];
	const bases = [
		"/",
		"/_next/static/",
		"/images/",
		`/images/${stored.sha256}/`,
		"/artifacts/",
		"/export/runs/",
		"/export/studies/",
		"/sandbox/",
	];
	const paths = bases.flatMap((base) =>
		ups.flatMap((up) => [
			`${base}${up}${targets[0]}`,
			`${base}${up.repeat(8)}${targets[1]}`,
			`${base}${up.repeat(8)}${targets[2]}`,
		]),
	);
	paths.push(
		"//etc/passwd",
		"/file:///etc/passwd",
		"/\\etc\\passwd",
		"/%00",
		"/artifacts/%2fetc%2fpasswd",
		"/link",
		"/link.html",
		"/linked/passwd",
		"/artifacts/C:%5Cwindows",
		`/${canary}`,
	);
	let leaks = 0;
	for (const path of paths) {
		const answer = await getRaw(path);
		if (answer.includes(canary) && !answer.includes("HTTP/1.1 4")) leaks++;
		if (/root:.*:0:0|PATH=/.test(answer)) leaks++;
	}
	figure("paths", { tried: paths.length, leaks });
	expect(paths.length).toBeGreaterThanOrEqual(200);
	expect(leaks).toBe(0);
	expect((await get("/healthz")).status).toBe(200);
});
