/** What is sent to browsers holds nothing of engine, database or server: by the rule for imports, and by the built files. */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build, figure } from "./browser.fixture.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (pattern: string) =>
	globSync(pattern, { cwd: root })
		.filter((path) => !/[.](test|fixture|load)[.]|[.]d[.]ts$/.test(path))
		.map((path) => readFileSync(join(root, path), "utf8"));

/** Sentences: long enough to stand in one source alone, and kept as they are when names are shortened. */
const textsOf = (sources: readonly string[]) =>
	[
		...new Set(sources.flatMap((source) => [...source.matchAll(/"([^"\\\n$]{24,})"/g)].map(([, text]) => text!))),
	].filter((text) => /[a-z]+ [a-z]+ [a-z]+/.test(text));

build();
const bundle = read("apps/web/out/**/*.js").join("\n");

test("no text of engine, database, client, studies or server is in the built dashboard, nor a library of theirs", () => {
	const web = read("apps/web/src/**/*.{ts,tsx}").filter((source) => !source.includes("graphql(`"));
	const known = `${web.join("\n")}${read("schema.graphql")}`;
	const own = textsOf(web);
	const found = own.filter((text) => bundle.includes(text)).length / own.length;
	const others = textsOf(read("{packages/*,apps/api,studies}/src/**/*.ts")).filter((text) => !known.includes(text));
	const leaked = others.filter((text) => bundle.includes(text));
	const libraries = ["onnxruntime", "@tensorflow", "drizzle-orm", "pg-boss", "type-graphql", "@apollo/server", "zod"];
	figure("bundle", {
		bytes: bundle.length,
		foreignTexts: others.length,
		leaked: leaked.length,
		ownTextsFound: +found.toFixed(2),
	});
	expect(found).toBeGreaterThan(0.6);
	expect(others.length).toBeGreaterThan(150);
	expect(leaked).toEqual([]);
	expect(libraries.filter((name) => bundle.includes(`${name}/`) || bundle.includes(`"${name}"`))).toEqual([]);
});

test("the rule for imports refuses every way from the dashboard to the rest", () => {
	interface Rule {
		readonly name: string;
		readonly severity: string;
		readonly from: { readonly path?: string; readonly pathNot?: string };
		readonly to: { readonly path?: string; readonly pathNot?: string };
	}
	const { forbidden } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as {
		forbidden: readonly Rule[];
	};
	const rule = forbidden.find(({ name }) => name === "web-knows-only-the-schema")!;
	const refuses = (from: string, to: string) =>
		new RegExp(rule.from.path!).test(from) &&
		new RegExp(rule.to.path!).test(to) &&
		!new RegExp(rule.to.pathNot!).test(to);
	expect([rule.severity, rule.from.pathNot]).toEqual(["error", undefined]);
	for (const to of [
		"packages/engine/src/index.ts",
		"packages/db/src/index.ts",
		"packages/client/src/index.ts",
		"apps/api/src/server.ts",
	])
		expect([to, refuses("apps/web/src/run/run-page.tsx", to)]).toEqual([to, true]);
	expect(refuses("apps/web/src/run/run-page.tsx", "apps/web/src/url.ts")).toBe(false);
});
