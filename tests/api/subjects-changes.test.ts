/** What people change: runs, words and tokens; and what forms are drawn from. */
import { freshDatabase } from "@mithridate/db/testing";
import { describe, expect, test } from "vitest";
import { startApi } from "./api.fixture.ts";
import { ask, keySource, START_RUN } from "./subjects.fixture.ts";

const database = await freshDatabase();
const api = await startApi(database);
const key = keySource();

describe("the schema", () => {
	interface Described {
		readonly name: string;
		readonly description: string | null;
		readonly args?: readonly Described[];
	}
	interface Type extends Described {
		readonly fields: readonly Described[] | null;
		readonly inputFields: readonly Described[] | null;
		readonly enumValues: readonly Described[] | null;
	}

	test("describes every type, field, argument and enum value", async () => {
		const named = "name description";
		const { data } = await ask(
			api,
			`{ __schema { types { ${named} enumValues { ${named} } inputFields { ${named} } fields { ${named} args { ${named} } } } } }`,
		);
		const types = data.__schema.types as readonly Type[];
		const roots = ["Query", "Mutation", "Subscription"];
		const silent = types
			.filter(({ name }) => !name.startsWith("__"))
			.flatMap(({ fields, inputFields, enumValues, ...type }) => {
				const members = [...(fields ?? []), ...(inputFields ?? []), ...(enumValues ?? [])];
				const within = [...members, ...members.flatMap((member) => member.args ?? [])];
				const mute = within.filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`);
				return type.description || roots.includes(type.name) ? mute : [type.name, ...mute];
			});
		expect(types.length).toBeGreaterThan(100);
		expect(silent).toEqual([]);
	});
});

describe("many runs at once", () => {
	const deed = (name: string, type = "RunsInput") =>
		`mutation($input: ${type}!) { ${name}(input: $input) { count runs { status archivedAt } errors { ... on UserError { code path } } } }`;
	const start = async () =>
		(await ask(api, START_RUN, { input: { idempotencyKey: key(), config: { seed: 99 }, tags: ["bulk"] } })).data
			.startRun.run.id as string;

	test("are paused, resumed, cancelled, retried, archived, restored and deleted", async () => {
		const ids = [await start(), await start()];
		const filter = { tag: "bulk" };
		const act = async (name: string, input: object, type?: string) =>
			(await ask(api, deed(name, type), { input })).data[name];
		expect(await act("pauseRuns", { filter, dryRun: true })).toMatchObject({
			count: 2,
			runs: [{ status: "QUEUED" }, { status: "QUEUED" }],
		});
		expect(await act("pauseRuns", { ids })).toMatchObject({
			count: 2,
			runs: [{ status: "PAUSED" }, { status: "PAUSED" }],
		});
		expect(await act("resumeRuns", { ids })).toMatchObject({
			count: 2,
			runs: [{ status: "QUEUED" }, { status: "QUEUED" }],
		});
		expect(await act("cancelRuns", { filter })).toMatchObject({
			count: 2,
			runs: [{ status: "CANCELLED" }, { status: "CANCELLED" }],
		});
		expect(await act("cancelRuns", { filter })).toMatchObject({ count: 0 });
		expect(await act("retryRuns", { ids: [ids[0]] }, "RetryRunsInput")).toMatchObject({
			count: 1,
			runs: [{ status: "QUEUED" }],
		});
		expect(await act("archiveRuns", { filter })).toMatchObject({ count: 1 });
		expect(await act("restoreRuns", { filter: { tag: "bulk", isArchived: true } })).toMatchObject({
			count: 1,
			runs: [{ archivedAt: null }],
		});
		expect(await act("deleteRuns", { ids })).toMatchObject({ count: 2, errors: [] });
		expect((await ask(api, "query($id: ID!) { node(id: $id) { id } }", { id: ids[0] })).data.node).toBeNull();
	});

	test.each([
		[{}, "VALIDATION"],
		[{ ids: [], filter: {} }, "VALIDATION"],
		[{ ids: ["nonsense"] }, "VALIDATION"],
		[{ ids: Array(1001).fill("x") }, "QUOTA_EXCEEDED"],
	])("named by %# are refused", async (input, code) => {
		const { data } = await ask(api, deed("cancelRuns"), { input });
		expect(data.cancelRuns).toMatchObject({ count: 0, errors: [{ code }] });
	});
});

describe("words", () => {
	test("about a study are changed, and it is put out of sight and brought back", async () => {
		const input = { idempotencyKey: key(), name: "old", question: "why", config: {}, grid: {} };
		const started = await ask(
			api,
			"mutation($input: StartStudyInput!) { startStudy(input: $input) { study { id slug } } }",
			{ input },
		);
		const { id: studyId, slug } = started.data.startStudy.study;
		const change = async (name: string, type: string, given: object = {}) =>
			(
				await ask(
					api,
					`mutation($input: ${type}!) { ${name}(input: $input) { study { name question tags archivedAt } errors { ... on UserError { code path } } } }`,
					{ input: { studyId, ...given } },
				)
			).data[name];
		const seen = async () =>
			(await ask(api, "{ studies(first: 100) { nodes { slug } } }")).data.studies.nodes.some(
				(study: { slug: string }) => study.slug === slug,
			);
		expect(await change("annotateStudy", "AnnotateStudyInput", { name: "new", tags: ["a"] })).toEqual({
			study: { name: "new", question: "why", tags: ["a"], archivedAt: null },
			errors: [],
		});
		expect((await change("archiveStudy", "StudyIdInput")).study.archivedAt).not.toBeNull();
		expect(await seen()).toBe(false);
		expect((await change("restoreStudy", "StudyIdInput")).study.archivedAt).toBeNull();
		expect(await seen()).toBe(true);
	});

	test("about a run are changed, and what is left out stays", async () => {
		const id = (await ask(api, START_RUN, { input: { idempotencyKey: key(), config: {}, notes: "old" } })).data.startRun
			.run.id;
		const annotate =
			"mutation($input: AnnotateRunInput!) { annotateRun(input: $input) { run { name notes tags } errors { ... on UserError { code path } } } }";
		const { data } = await ask(api, annotate, { input: { runId: id, name: "new", tags: ["a"] } });
		expect(data.annotateRun.run).toEqual({ name: "new", notes: "old", tags: ["a"] });
		const bad = await ask(api, annotate, { input: { runId: id, notes: "x".repeat(10_001) } });
		expect(bad.data.annotateRun).toMatchObject({ run: null, errors: [{ code: "VALIDATION", path: ["notes"] }] });
		const moved = await ask(
			api,
			"mutation($input: SetRunPriorityInput!) { setRunPriority(input: $input) { run { priority } errors { ... on UserError { code } } } }",
			{ input: { runId: id, priority: 7 } },
		);
		expect(moved.data.setRunPriority).toEqual({ run: { priority: 7 }, errors: [] });
	});
});

describe("the catalog", () => {
	test("has a form for every attack, defense and data set", async () => {
		const { data } = await ask(
			api,
			"{ catalog { attacks { name title parameters { path kind default case options } } defenses { name outcome } datasets { name } metrics { name unit } training { path default } defaults { attack { __typename } seed } } }",
		);
		const single = data.catalog.attacks.find(({ name }: { name: string }) => name === "singleLabel");
		expect(single.parameters).toContainEqual({
			path: ["from"],
			kind: "CLASS",
			default: '"sheep"',
			case: null,
			options: expect.arrayContaining(["sheep", "aeroplane"]),
		});
		expect(single.parameters).toContainEqual({
			path: ["amount", "poisonRate"],
			kind: "FLOAT",
			default: "0.01",
			case: "poisonRate",
			options: null,
		});
		expect(single.parameters).toContainEqual({
			path: ["amount"],
			kind: "CASE",
			default: "{ poisonRate: 0.01 }",
			case: null,
			options: ["poisonRate", "classShare", "count"],
		});
		expect(data.catalog.training).toContainEqual({ path: ["freeze"], default: "NONE" });
		expect(data.catalog.defaults).toEqual({ attack: { __typename: "SingleLabelAttack" }, seed: 1 });
	});
});

describe("tokens", () => {
	test("are made with a secret shown once, listed without it, and revoked", async () => {
		const create =
			"mutation($input: CreateTokenInput!) { createToken(input: $input) { secret token { id name role scopes prefix } errors { ... on UserError { path } } } }";
		const { data } = await ask(api, create, { input: { name: "script", role: "VIEWER" } });
		const { secret, token } = data.createToken;
		expect(token).toMatchObject({
			name: "script",
			role: "VIEWER",
			scopes: ["RUNS_READ", "GRAPHQL_ADHOC", "SCHEMA_READ"],
		});
		expect(secret.startsWith(token.prefix)).toBe(true);
		const denied = await ask(api, create, { input: { name: "x", role: "VIEWER", scopes: ["ADMIN"] } });
		expect(denied.data.createToken).toMatchObject({ token: null, secret: null, errors: [{ path: ["scopes"] }] });
		const asViewer = await api.post(
			{ query: START_RUN, variables: { input: { idempotencyKey: key(), config: {} } } },
			{ authorization: `Bearer ${secret}` },
		);
		expect(((await asViewer.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code).toBe(
			"FORBIDDEN",
		);
		const revoked = await ask(
			api,
			"mutation($input: RevokeTokenInput!) { revokeToken(input: $input) { token { revokedAt } } }",
			{ input: { tokenId: token.id } },
		);
		expect(revoked.data.revokeToken.token.revokedAt).not.toBeNull();
	});
});
