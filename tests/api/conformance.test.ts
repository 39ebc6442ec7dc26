/** GraphQL over HTTP as its specification's own audits see it. */
import { freshDatabase } from "@mithridate/db/testing";
import { auditServer } from "graphql-http";
import { expect, test } from "vitest";
import { figure, startApi } from "./api.fixture.ts";

const api = await startApi(await freshDatabase());

test("every audit of GraphQL over HTTP passes", async () => {
	const results = await auditServer({
		url: `${api.url}/graphql`,
		fetchFn: (url: string, init: RequestInit = {}) =>
			fetch(url, {
				...init,
				// GET requests are taken only from programs: a browser cannot send this header to another site unasked.
				headers: { ...init.headers, authorization: `Bearer ${api.token}`, "apollo-require-preflight": "true" },
			}),
	});
	const failed = results.filter(({ status }) => status !== "ok").map(({ id, name }) => `${id}: ${name}`);
	figure("graphql-over-http", { audits: results.length, passed: results.length - failed.length });
	expect(failed).toEqual([]);
	expect(results.length).toBeGreaterThanOrEqual(61);
});
