/** The permission table against the schema: every field has a rule, and every role gets what is written. */
import { createToken } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { isObjectType } from "graphql";
import { expect, test } from "vitest";
import { apiSchema } from "../../apps/api/src/schema/build.ts";
import { ruleFor } from "../../apps/api/src/security/permissions.ts";
import { roles, scopesOf } from "../../apps/api/src/security/roles.ts";
import { createSecret, hashOf, prefixOf } from "../../apps/api/src/security/secrets.ts";
import { figure, startApi } from "./api.fixture.ts";

const database = await freshDatabase();
const api = await startApi(database);
const schema = apiSchema();
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
	(type) => type ?? [],
);

test("every field of the schema has a rule", () => {
	const without = Object.values(schema.getTypeMap())
		.filter((type) => isObjectType(type) && !type.name.startsWith("__"))
		.flatMap((type) =>
			isObjectType(type) ? Object.keys(type.getFields()).map((field) => [type.name, field] as const) : [],
		)
		.filter(([type, field]) => ruleFor(schema, type, field) === undefined)
		.map(([type, field]) => `${type}.${field}`);
	expect(without).toEqual([]);
});

test("a field that nobody decided on is refused", () => {
	expect(ruleFor(schema, "Query", "aNewField")).toBeUndefined();
	expect(ruleFor(schema, "Mutation", "aNewField")).toBeUndefined();
});

test("each role reaches the root fields that are its own, and no other", async () => {
	const secrets = await Promise.all(
		roles.map(async (role) => {
			const secret = createSecret();
			await createToken(database.db, { name: role, hash: hashOf(secret), prefix: prefixOf(secret), role, scopes: [] });
			return { role, secret };
		}),
	);
	const wrong: string[] = [];
	let asked = 0;
	for (const root of roots) {
		if (root.name === "Subscription") continue;
		for (const field of Object.values(root.getFields())) {
			const rule = ruleFor(schema, root.name, field.name)!;
			// Sent without its arguments the field is found first, and its missing arguments after it.
			const args = field.args.filter(({ type }) => String(type).endsWith("!"));
			const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(", ");
			const given = args.map(({ name }) => `${name}: $${name}`).join(", ");
			const query = `${root.name.toLowerCase()} q${declared && `(${declared})`} { ${field.name}${given && `(${given})`} { __typename } }`;
			for (const { role, secret } of secrets) {
				const response = await api.post({ query }, { authorization: `Bearer ${secret}` });
				const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
				const isForbidden = errors?.[0]?.extensions.code === "FORBIDDEN";
				const mayAsk = rule === "anyone" || scopesOf(role).has(rule);
				asked++;
				if (isForbidden === mayAsk || errors?.[0]?.extensions.code === "GRAPHQL_VALIDATION_FAILED")
					wrong.push(`${role} ${root.name}.${field.name}`);
			}
			const nobody = await api.post({ query }, { authorization: "Bearer none" });
			asked++;
			if (nobody.status !== 401) wrong.push(`nobody ${root.name}.${field.name}`);
		}
	}
	figure("permission-table", { decisions: asked, wrong: wrong.length });
	expect(wrong).toEqual([]);
});
