/** Documents made to hurt: refused alike by every way in, before they cost anything. */
import { freshDatabase } from "@mithridate/db/testing";
import { afterAll, expect, test } from "vitest";
import { figure, quantile, startApi } from "./api.fixture.ts";
import { type Asked, askHttp, askSocket, openSocket, type Verdict } from "./transports.fixture.ts";

const api = await startApi(await freshDatabase());
let socket = await openSocket(api);
afterAll(() => socket.terminate());

/** Over WebSocket; a message beyond 64 KiB closes the socket, which is then opened anew. */
async function askOverSocket(asked: Asked): Promise<Verdict> {
	if (socket.readyState !== socket.OPEN) socket = await openSocket(api);
	return askSocket(socket, asked);
}

const times = (count: number, part: (at: number) => string, glue = " ") =>
	Array.from({ length: count }, (_, at) => part(at)).join(glue);
const nested = (depth: number, open: string, inner: string, close: string) =>
	open.repeat(depth) + inner + close.repeat(depth);
const info = "serverInfo { version }";

/** Fragments that each spread the next one twice: 2^levels fields from a kilobyte. */
const doubled = (levels: number) =>
	`{ serverInfo { ...f0 } } ${times(levels, (at) => `fragment f${at} on ServerInfo { ...f${at + 1} ...f${at + 1} }`)} fragment f${levels} on ServerInfo { version }`;

const hostile: Readonly<Record<string, Asked>> = {
	...Object.fromEntries(
		[31, 100, 101, 500, 10_000].map((n) => [`${n} aliases`, { query: `{ ${times(n, (at) => `a${at}:x`)} }` }]),
	),
	"40 aliases of a leaf": { query: `{ serverInfo { ${times(40, (at) => `a${at}: version`)} } }` },
	"aliases in a fragment that is spread twice": {
		query: `{ a: serverInfo { ...f } b: serverInfo { ...f } } fragment f on ServerInfo { ${times(20, (at) => `a${at}: version`)} }`,
	},
	...Object.fromEntries(
		[11, 20, 100, 500, 5_000].map((n) => [`depth ${n}`, { query: nested(n, "{ run ", "{ id }", "}") }]),
	),
	"depth by fragments": {
		query: `{ run(number: 1) { ...f0 } } ${times(12, (at) => `fragment f${at} on Run { study { runs(first: 1) { nodes { ...f${at + 1} } } } }`)} fragment f12 on Run { id }`,
	},
	"depth of the schema's own fields": {
		query: `{ __schema { types ${nested(20, "{ fields { type ", "{ name }", "} }")} } }`,
	},
	...Object.fromEntries(
		[26, 100, 500, 5_000].map((n) => [
			`${n} directives`,
			{ query: `{ serverInfo { version ${times(n, () => "@include(if: true)")} } }` },
		]),
	),
	"5,000 unknown directives": { query: `{ serverInfo { version ${times(5_000, (at) => `@d${at}`)} } }` },
	"directives on many fields": {
		query: `{ serverInfo { ${times(30, () => "version @skip(if: false)")} } }`,
	},
	...Object.fromEntries([21, 50, 300].map((n) => [`${n} root fields`, { query: `{ ${times(n, () => info)} }` }])),
	"root fields by fragments": {
		query: `{ ...f ...f ...f } fragment f on Query { ${times(10, () => info)} }`,
	},
	"2,000 duplicate fields": { query: `{ serverInfo { ${times(2_000, () => "version")} } }` },
	"50,000 duplicate fields": { query: `{ serverInfo { ${times(20_000, () => "version")} } }` },
	...Object.fromEntries([14, 16, 18, 20, 40].map((n) => [`2^${n} fragments`, { query: doubled(n) }])),
	"a fragment of itself": { query: "{ serverInfo { ...f } } fragment f on ServerInfo { ...f }" },
	"two fragments of each other": {
		query: "{ serverInfo { ...a } } fragment a on ServerInfo { ...b } fragment b on ServerInfo { ...a }",
	},
	"a ring of 50 fragments": {
		query: `{ serverInfo { ...f0 } } ${times(50, (at) => `fragment f${at} on ServerInfo { ...f${(at + 1) % 50} }`)}`,
	},
	"a fragment of itself that is not used": { query: `{ ${info} } fragment f on ServerInfo { ...f }` },
	"a fragment of itself below a field": {
		query: "{ run(number: 1) { ...f } } fragment f on Run { study { runs(first: 1) { nodes { ...f } } } }",
	},
	"inline fragments 200 x 100": {
		query: `{ serverInfo { ${times(200, () => `... on ServerInfo { ${times(100, () => "version")} }`)} } }`,
	},
	"inline fragments in each other": { query: `{ serverInfo { ${nested(900, "... { ", "version", " }")} } }` },
	"a text of 100 KB": { query: `{ dataset(hash: "${"a".repeat(40_000)}") { id } }` },
	"a block of text": { query: `{ dataset(hash: """${"\\n ".repeat(10_000)}""") { id } }` },
	"a comment and no operation": { query: `#${"a".repeat(40_000)}` },
	"only commas": { query: ",".repeat(40_000) },
	"only braces": { query: "{".repeat(40_000) },
	"only closing braces": { query: "}".repeat(1_000) },
	"half a document": { query: "{ serverInfo { " },
	"a byte that is no token": { query: "{ serverInfo { \u0000 } }" },
	"a lone surrogate": { query: '{ dataset(hash: "\\uD800") { id } }' },
	"1,990 operations": { query: times(500, (at) => `query q${at} { ${info} }`) },
	"operations of one name": { query: `query a { ${info} } query a { ${info} }` },
	"two anonymous operations": { query: `{ ${info} } { ${info} }` },
	"a type definition": { query: "type Query { a: Int }" },
	"an unknown field": { query: "{ nothing }" },
	"an unknown argument": { query: "{ serverInfo(a: 1) { version } }" },
	"an object without fields": { query: "{ serverInfo }" },
	"fields of a leaf": { query: "{ serverInfo { version { a } } }" },
	"fields that collide": { query: "{ serverInfo { a: version a: profile } }" },
	"300 variables": {
		query: `query q(${times(300, (at) => `$v${at}: Int`)}) { ${info} }`,
	},
	"20,000 values of variables": {
		query: `query q { ${info} }`,
		variables: Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`v${at}`, at])),
	},
	"a list of 20,000 values": {
		query: "query q($ids: [ID!]!) { nodes(ids: $ids) { id } }",
		variables: { ids: Array(12_000).fill("a") },
	},
	"an input 1,500 deep": {
		query: "query q($filter: RunFilter) { runs(first: 1, filter: $filter) { nodes { id } } }",
		variables: { filter: JSON.parse(nested(1_500, '{"a":', "1", "}")) },
	},
	"an input 900 deep in the document": {
		query: `{ runs(first: 1, filter: ${nested(900, "{a: ", "1", "}")}) { nodes { id } } }`,
	},
	"lists 900 deep in the document": { query: `{ nodes(ids: ${nested(900, "[", "1", "]")}) { id } }` },
	"first 10^9": { query: "{ runs(first: 1000000000) { nodes { id } } }" },
	"first 201": { query: "{ runs(first: 201) { nodes { id } } }" },
	"last 10^9": { query: "{ runs(last: 1000000000) { nodes { id } } }" },
	"first 10^9 by a variable": {
		query: "query q($n: Int) { runs(first: $n) { nodes { id } } }",
		variables: { n: 1_000_000_000 },
	},
	"first 10^9 by a default": { query: "query q($n: Int = 1000000000) { runs(first: $n) { nodes { id } } }" },
	"first 10^30": { query: `{ runs(first: 1${"0".repeat(30)}) { nodes { id } } }` },
	"first of text": { query: '{ runs(first: "a") { nodes { id } } }' },
	"first of a fraction by a variable": {
		query: "query q($n: Int) { runs(first: $n) { nodes { id } } }",
		variables: { n: 1.5 },
	},
	"pages of pages": {
		query: "{ studies(first: 100) { nodes { runs(first: 100) { nodes { id study { id } } } } } }",
	},
	"pages of pages by variables": {
		query: "query q($n: Int!) { studies(first: $n) { nodes { runs(first: $n) { nodes { id study { id } } } } } }",
		variables: { n: 100 },
	},
	"every curve of every run": {
		query:
			"query q($n: Int!, $keys: [String!]!) { runs(first: $n) { nodes { metrics(keys: $keys, maxBuckets: 1000) { steps } } } }",
		variables: { n: 50, keys: Array(20).fill("poisoned/loss") },
	},
	"a missing variable": { query: "query q($number: Int!) { run(number: $number) { id } }" },
	"an unknown operation": { query: "query a { serverInfo { version } } query b { serverInfo { version } }" },
	"a subscription of two fields": {
		query: 'subscription { a: runEvents(runId: "a") { cursor } b: runEvents(runId: "a") { cursor } }',
	},
	"the schema in the schema": {
		query: `{ __schema { types { ${times(60, (at) => `a${at}: name`)} } } }`,
	},
	"a defer on everything": { query: "{ serverInfo { ... @defer { version } } }" },
	"a stream on everything": { query: "{ serverInfo { features @stream } }" },
};

/** Once for the compiler and the connections, and some for the clock. */
const ROUNDS = 4;

const codes = new Set([
	"DOCUMENT_LIMIT",
	"COST_LIMIT",
	"GRAPHQL_PARSE_FAILED",
	"GRAPHQL_VALIDATION_FAILED",
	"BAD_USER_INPUT",
	"OPERATION_RESOLUTION_FAILURE",
]);

test("hostile documents get the same refusal from POST, GET, WebSocket and SSE", async () => {
	/** Milliseconds of each refusal, the fastest of its rounds: whatever else the machine does can only add to it. */
	const took = new Map<string, number>();
	const different: string[] = [];
	const timed = async (name: string, ask: () => Promise<Verdict>) => {
		const start = performance.now();
		const verdict = await ask();
		took.set(name, Math.min(took.get(name) ?? Number.POSITIVE_INFINITY, performance.now() - start));
		return verdict;
	};
	global.gc?.();
	const before = process.memoryUsage().rss;
	for (let round = 0; round < ROUNDS; round++)
		for (const [name, asked] of Object.entries(hostile)) {
			const post = await timed(`${name} by POST`, () => askHttp(api, "POST", asked));
			const verdicts = [
				post,
				await timed(`${name} by SSE`, () => askHttp(api, "SSE", asked)),
				await timed(`${name} by WebSocket`, () => askOverSocket(asked)),
			];
			// An address is no longer than the headers may be.
			if (encodeURIComponent(JSON.stringify(asked)).length < 12_000)
				verdicts.push(await timed(`${name} by GET`, () => askHttp(api, "GET", asked)));
			const isLarge = JSON.stringify(asked).length > 60_000;
			const isAlike = verdicts.every(({ code }) => code === post.code || (isLarge && code === "CLOSED 1009"));
			const isRefused = verdicts.every(({ data, status }) => data === undefined && (status ?? 400) === 400);
			if (!isAlike || !isRefused || !codes.has(post.code ?? "")) different.push(`${name}: ${JSON.stringify(verdicts)}`);
		}
	const times = [...took.values()];
	const slow = [...took].filter(([, time]) => time >= 50);
	figure("hostile-documents", {
		documents: Object.keys(hostile).length,
		refusals: times.length,
		p50Ms: +quantile(times, 0.5).toFixed(1),
		slowestMs: +Math.max(...times).toFixed(1),
		rssRiseMiB: Math.round((process.memoryUsage().rss - before) / 2 ** 20),
	});
	expect(different).toEqual([]);
	expect(Object.keys(hostile).length).toBeGreaterThanOrEqual(60);
	expect(slow).toEqual([]);
});

test("what is larger than a request may be is not read", async () => {
	const response = await api.post({ query: `{ dataset(hash: "${"a".repeat(1_000_000)}") { id } }` });
	expect(response.status).toBe(413);
});

test("variables nested 10,000 deep are refused without a trace", async () => {
	const deep = `{"query":"{ ${info} }","variables":{"a":${nested(10_000, "[", "", "]")}}}`;
	const response = await api.post(deep, { accept: "application/graphql-response+json" });
	expect(response.status).toBe(400);
	expect(await response.text()).toContain("DOCUMENT_LIMIT");
});

test("several operations in one request are refused", async () => {
	const response = await api.post([{ query: `{ ${info} }` }, { query: `{ ${info} }` }]);
	expect(response.status).toBe(400);
});

test("the query by which tools learn the schema is within the limits", async () => {
	const { getIntrospectionQuery } = await import("graphql");
	const verdict = await askHttp(api, "POST", { query: getIntrospectionQuery() });
	expect(verdict.code).toBeUndefined();
	expect(verdict.data).toBeDefined();
});
