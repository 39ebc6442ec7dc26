/** Who gets in: host names, foreign pages, tokens, and what a failure tells of the inside. */
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createToken, revokeToken } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { createSecret, hashOf, prefixOf } from "../../apps/api/src/security/secrets.ts";
import { figure, startApi } from "./api.fixture.ts";
import { openSocket } from "./transports.fixture.ts";

const database = await freshDatabase();
/** A fault from the inside, thrown by whoever asks `serverInfo` while it is set. */
let fault: Error | undefined;
const facts = {
	version: "1",
	schemaSha256: "0".repeat(64),
	profile: "local" as const,
	features: [],
	startedAt: new Date(),
	get database() {
		if (fault) throw fault;
		return "embedded";
	},
};
const api = await startApi(database, {
	services: {
		get facts() {
			return facts;
		},
	} as never,
});
const question = JSON.stringify({ query: "{ serverInfo { version } }" });

interface Raw {
	readonly path?: string;
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
}

/** A request with exactly these headers, which `fetch` would not send. */
function raw({
	path = "/graphql",
	method = "POST",
	headers = {},
	body,
}: Raw): Promise<{ status: number; text: string }> {
	return new Promise((resolve, reject) => {
		const sent = httpRequest(
			{ host: "127.0.0.1", port: api.port, path, method, headers, setHost: false },
			(response) => {
				let text = "";
				response
					.on("data", (chunk) => (text += chunk))
					.on("end", () => resolve({ status: response.statusCode!, text }));
			},
		);
		sent.on("error", reject).end(body);
	});
}

function upgrade(headers: Record<string, string>): Promise<number> {
	const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, "graphql-transport-ws", { headers });
	return new Promise((resolve) => {
		socket
			.on("open", () => resolve(101))
			.on("unexpected-response", (_request, response) => resolve(response.statusCode!));
		socket.on("error", () => resolve(0));
	}).finally(() => socket.terminate()) as Promise<number>;
}

const own = `localhost:${api.port}`;
const bearer = { authorization: `Bearer ${api.token}` };

test("only the server's own names are answered, over HTTP, WebSocket and for pages", async () => {
	const bad = [
		"evil.example",
		`evil.example:${api.port}`,
		`localhost.evil.example:${api.port}`,
		`127.0.0.1.nip.io:${api.port}`,
		`localhost.:${api.port}`,
		`user@localhost:${api.port}`,
		`localhost:${api.port}@evil.example`,
		"localhost",
		"127.0.0.1",
		"[::1]",
		"localhost:1",
		`localhost:0${api.port}`,
		`[::ffff:127.0.0.1]:${api.port}`,
		`[0:0:0:0:0:0:0:1]:${api.port}`,
		`0.0.0.0:${api.port}`,
		`127.1:${api.port}`,
		`2130706433:${api.port}`,
		`0x7f000001:${api.port}`,
		`127.0.0.2:${api.port}`,
		`localhost:${api.port}/`,
		`http://localhost:${api.port}`,
		`localhost :${api.port}`,
		`.localhost:${api.port}`,
		`a.localhost:${api.port}`,
		"*",
		"null",
		`localhost:${api.port},evil.example`,
		`localhost:${api.port} evil`,
		`xn--localhost:${api.port}`,
		`[::]:${api.port}`,
	];
	const good = [
		own,
		`LOCALHOST:${api.port}`,
		`Localhost:${api.port}`,
		`127.0.0.1:${api.port}`,
		`[::1]:${api.port}`,
		`localHost:${api.port}`,
	];
	const json = { ...bearer, "content-type": "application/json" };
	for (const host of bad) {
		expect([host, (await raw({ headers: { host, ...json }, body: question })).status]).toEqual([host, 403]);
		expect([host, (await raw({ headers: { host }, path: "/", method: "GET" })).status]).toEqual([host, 403]);
		expect([host, await upgrade({ host, ...bearer })]).toEqual([host, 403]);
	}
	for (const host of good) {
		expect([host, (await raw({ headers: { host, ...json }, body: question })).status]).toEqual([host, 200]);
		expect([host, await upgrade({ host, ...bearer })]).toEqual([host, 101]);
	}
	const doubled = await new Promise<string>((resolve) => {
		const socket = connect(api.port, "127.0.0.1", () =>
			socket.end(`GET /healthz HTTP/1.1\r\nHost: ${own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`),
		);
		socket.once("data", (data) => resolve(String(data).slice(9, 12)));
	});
	expect(["400", "403"]).toContain(doubled);
	figure("host-names", { bad: bad.length + 1, refused: bad.length + 1, good: good.length });
});

test("what a foreign page can send carries nothing out, with a cookie or without", async () => {
	const signedIn = await fetch(api.signInUrl(), { redirect: "manual" });
	const cookie = signedIn.headers.get("set-cookie")!.split(";")[0]!;
	const origin = "https://evil.example";
	const mutation = JSON.stringify({ query: 'mutation { createToken(input: { name: "x", role: ADMIN }) { secret } }' });
	const query = encodeURIComponent("{ serverInfo { version } }");
	const shapes: Raw[] = [
		{ headers: { "content-type": "text/plain" }, body: mutation },
		{ headers: { "content-type": "application/x-www-form-urlencoded" }, body: `query=${query}` },
		{
			headers: { "content-type": "multipart/form-data; boundary=x" },
			body: `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{ serverInfo { version } }\r\n--x--`,
		},
		{ headers: {}, body: mutation },
		{ method: "GET", path: `/graphql?query=${query}` },
		{
			method: "GET",
			path: `/graphql?query=${encodeURIComponent('mutation { revokeToken(input: { tokenId: "x" }) { clientMutationId } }')}`,
		},
		{ path: "/graphql/stream", headers: { "content-type": "text/plain", accept: "text/event-stream" }, body: question },
		{
			path: "/graphql/stream",
			headers: { "content-type": "application/x-www-form-urlencoded" },
			body: `query=${query}`,
		},
		{ method: "GET", path: `/graphql/stream?query=${query}`, headers: { accept: "text/event-stream" } },
		{ method: "HEAD", path: `/graphql?query=${query}` },
		{ path: "/session", headers: { "content-type": "text/plain" }, body: JSON.stringify({ token: api.token }) },
		{
			method: "GET",
			path: "/export/runs/1.json",
			headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
		},
	];
	let executed = 0;
	for (const shape of shapes)
		for (const extra of [{}, { cookie }, { origin }, { origin, cookie }, { origin: "null", cookie }]) {
			const { status, text } = await raw({ ...shape, headers: { host: own, ...shape.headers, ...extra } });
			if (status < 400 || text.includes('"data"')) executed++;
		}
	const origins = [
		"https://evil.example",
		"http://evil.example",
		"null",
		"http://localhost",
		"http://localhost:1",
		`http://localhost.evil.example:${api.port}`,
		`http://user@localhost:${api.port}`,
		"file://",
		`ftp://localhost:${api.port}`,
		"chrome-extension://abc",
	];
	const upgrades = await Promise.all(origins.map((foreign) => upgrade({ origin: foreign, cookie })));
	figure("cross-site", {
		shapes: shapes.length,
		executed,
		origins: origins.length,
		upgrades: upgrades.filter((status) => status === 101).length,
	});
	expect(executed).toBe(0);
	expect(upgrades).toEqual(origins.map(() => 403));
	expect(await upgrade({ origin: `http://${own}`, cookie })).toBe(101);
});

test("a cookie does not open a socket that no browser opened", async () => {
	const signedIn = await fetch(api.signInUrl(), { redirect: "manual" });
	const cookie = signedIn.headers.get("set-cookie")!.split(";")[0]!;
	const closed = (headers: Record<string, string>) =>
		new Promise<number>((resolve) => {
			const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, "graphql-transport-ws", { headers });
			socket.on("open", () => socket.send('{"type":"connection_init"}')).on("close", resolve);
			socket.on("message", () => {
				socket.terminate();
				resolve(0);
			});
		});
	expect(await closed({ cookie })).toBe(4401);
	expect(await closed({ cookie, origin: `http://${own}` })).toBe(0);
});

test("a sign-in address works once", async () => {
	const url = api.signInUrl();
	const first = await fetch(url, { redirect: "manual" });
	expect([first.status, (await fetch(url, { redirect: "manual" })).status]).toEqual([303, 401]);
	expect(first.headers.get("set-cookie")).toMatch(/HttpOnly; SameSite=Strict$/);
	expect(url).not.toContain(api.token);
});

async function aToken(role: "viewer" | "researcher" | "admin", expiresAt: Date | null = null) {
	const secret = createSecret();
	const { id } = await createToken(database.db, {
		name: role,
		hash: hashOf(secret),
		prefix: prefixOf(secret),
		role,
		scopes: [],
		expiresAt,
	});
	return { id, secret };
}

test("tokens that are missing, wrong, expired, revoked or too weak are refused by their code", async () => {
	const ask = async (authorization: string | undefined, query = "{ serverInfo { version } }") => {
		const headers = { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) };
		const response = await fetch(`${api.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
		const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
		return [response.status, errors?.[0]?.extensions.code];
	};
	const unauthenticated = [401, "UNAUTHENTICATED"];
	expect(await ask(undefined)).toEqual(unauthenticated);
	expect(await ask("Bearer nonsense")).toEqual(unauthenticated);
	expect(await ask(`Bearer ${createSecret()}`)).toEqual(unauthenticated);
	expect(await ask(`Basic ${api.token}`)).toEqual(unauthenticated);
	const expired = await aToken("admin", new Date(Date.now() - 1000));
	expect(await ask(`Bearer ${expired.secret}`)).toEqual(unauthenticated);
	const revoked = await aToken("admin");
	expect(await ask(`Bearer ${revoked.secret}`)).toEqual([200, undefined]);
	await revokeToken(database.db, revoked.id);
	expect(await ask(`Bearer ${revoked.secret}`)).toEqual(unauthenticated);
	const viewer = await aToken("viewer");
	expect(await ask(`Bearer ${viewer.secret}`)).toEqual([200, undefined]);
	expect(await ask(`Bearer ${viewer.secret}`, "{ tokens(first: 1) { nodes { id } } }")).toEqual([403, "FORBIDDEN"]);
});

test("a live socket is closed when its token is revoked", async () => {
	const { id, secret } = await aToken("viewer");
	const socket = await openSocket(api, { token: secret });
	const started = performance.now();
	const closed = new Promise<number>((resolve) => socket.on("close", resolve));
	await revokeToken(database.db, id);
	expect(await closed).toBe(4403);
	figure("revoked-socket", { seconds: +((performance.now() - started) / 1000).toFixed(1) });
});

test("faults from the inside are masked, each with an id that the log knows", async () => {
	const secret = "s3cr3t-value";
	const kinds = [
		() => new Error(`error: relation "runs" does not exist: SELECT * FROM runs WHERE secret = '${secret}'`),
		() =>
			Object.assign(new Error(`ENOENT: no such file or directory, open '/home/${secret}/data'`), { code: "ENOENT" }),
		() => new TypeError(`Cannot read properties of undefined (reading '${secret}')`),
		() => new RangeError(`pngload_buffer: ${secret} at db.internal.example`),
	];
	let leaks = 0;
	const ids: string[] = [];
	for (let at = 0; at < 200; at++) {
		fault = kinds[at % kinds.length]!();
		const response = await api.post({ query: "{ serverInfo { database } }" });
		const text = await response.text();
		if (/s3cr3t|SELECT|relation|ENOENT|\/home|at .*\.ts|internal\.example|Cannot read/.test(text)) leaks++;
		ids.push(JSON.parse(text).errors[0].extensions.requestId);
	}
	fault = undefined;
	await sleep(10);
	const log = api.logged.join("");
	const unknown = ids.filter((id) => !log.includes(id)).length;
	figure("masked-errors", { faults: ids.length, leaks, withoutLogLine: unknown });
	expect([leaks, unknown, new Set(ids).size]).toEqual([0, 0, 200]);
});

test("no secret gets into the log", () => {
	expect(api.logged.join("")).not.toContain(api.token);
});
