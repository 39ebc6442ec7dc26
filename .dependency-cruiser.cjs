// Who may import whom: the table of ARCHITECTURE.md as errors. Read it from left to right; what is not named is forbidden.
const { readFileSync } = require("node:fs");

const engine = "^packages/engine/src";
const studies = "^studies/src";
/** Tests, and what only tests share. */
const tests = "[.](test|fixture|load)[.]ts$";
const basics = ["types.ts", "random.ts", "errors.ts"];
const registries = ["attacks/index.ts", "data/sets/index.ts", "defenses/index.ts", "metrics/index.ts"];

/** What each part of the engine may import of the engine, besides its own folder. A trailing slash means the whole folder. */
const table = {
	"types.ts": ["random.ts"],
	"metric-types.ts": ["types.ts"],
	"random.ts": [],
	"errors.ts": [],
	"similarity/": ["types.ts", "errors.ts"],
	"attacks/": [...basics, "similarity/"],
	"ranking/": ["types.ts", "metric-types.ts", "errors.ts", "similarity/"],
	"metrics/": [...basics, "metric-types.ts", "similarity/", "ranking/"],
	"defenses/": [...basics, "similarity/"],
	"data/": basics,
	"presets/": [],
	"runtime/": ["types.ts", "errors.ts"],
	"model/": [...basics, "runtime/contract.ts", "runtime/ops.ts", "data/tokenizer.ts", "data/batches.ts"],
	"training/": [...basics, "model/", "data/", "runtime/"],
	"train.ts": [...basics, "training/", "model/", "data/", "runtime/"],
	"evaluate.ts": [...basics, "metric-types.ts", "ranking/", "metrics/"],
	"config.ts": [...basics, ...registries, "data/sets/dataset-source.ts", "training/options.ts"],
	"checkpoints.ts": [...basics, "model/"],
	"stages.ts": [...basics, "model/", "train.ts"],
	"trainer.ts": [...basics, "data/", "model/", "runtime/contract.ts", "train.ts", "stages.ts"],
	"events.ts": ["types.ts", "config.ts", "evaluate.ts", "metrics/", "runtime/contract.ts"],
	"results.ts": ["types.ts", "events.ts", "evaluate.ts", "metrics/"],
};

const literal = (path) => path.replaceAll(".", "[.]");
const pattern = (path) => `${engine}/${literal(path)}${path.endsWith("/") ? "" : "$"}`;

const tableRules = Object.entries(table).map(([part, allowed]) => ({
	name: `engine-${part.replace(/\/|[.]ts$/, "")}`,
	comment: `${part} may import ${allowed.join(", ") || "nothing"} of the engine, and its own folder (ARCHITECTURE.md, who imports whom).`,
	severity: "error",
	from: { path: pattern(part), pathNot: tests },
	to: { path: `${engine}/`, pathNot: [part, ...allowed].map(pattern) },
}));

/** The files that a registry re-exports: its entries, which must not know each other. */
function entriesOf(folder) {
	const index = readFileSync(`${folder}/index.ts`, "utf8");
	return [...index.matchAll(/from "\.\/(.+)"/g)].map(([, file]) => literal(file));
}

const siblingRules = [
	"attacks",
	"defenses",
	"defenses/scores",
	"metrics",
	"data/importers",
	"data/sets",
	"presets",
].map((folder) => ({
	name: `${folder.replaceAll("/", "-")}-do-not-know-each-other`,
	comment: "An entry of a registry never imports another entry; what they share is a file of its own beside them.",
	severity: "error",
	from: { path: `${engine}/${folder}/`, pathNot: [tests, `${engine}/${folder}/index[.]ts$`] },
	to: {
		path: `${engine}/${folder}/(${[...entriesOf(`${__dirname}/packages/engine/src/${folder}`), "index[.]ts"].join("|")})$`,
	},
}));

module.exports = {
	forbidden: [
		...tableRules,
		...siblingRules,
		{
			name: "plug-ins-use-zod-only",
			comment: "Attacks, metrics and defenses are plain functions of their inputs: no tensors, no files, no processes.",
			severity: "error",
			from: { path: `${engine}/(attacks|metrics|defenses)/`, pathNot: tests },
			to: { dependencyTypes: ["npm", "npm-dev", "npm-optional", "core"], pathNot: "node_modules/zod/" },
		},
		{
			name: "engine-knows-no-network",
			comment: "The engine knows nothing of databases, servers or other processes.",
			severity: "error",
			from: { path: `${engine}/`, pathNot: tests },
			to: { path: "^(node:)?(http|https|http2|net|dgram|dns|tls|cluster)$" },
		},
		{
			name: "one-place-starts-processes",
			comment: "Images of strangers are decoded in a process of their own; nothing else of the engine starts one.",
			severity: "error",
			from: { path: `${engine}/`, pathNot: [tests, `${engine}/data/images/decoder[.]ts$`] },
			to: { path: "^(node:)?child_process$" },
		},
		{
			name: "studies-do-not-know-each-other",
			comment: "A study never imports another study; what they share is a file of its own beside them.",
			severity: "error",
			from: { path: `${studies}/studies/`, pathNot: [tests, `${studies}/studies/index[.]ts$`] },
			to: {
				path: `${studies}/studies/(${[...entriesOf(`${__dirname}/studies/src/studies`), "index[.]ts"].join("|")})$`,
			},
		},
		{
			name: "studies-know-the-engine-only",
			comment: "Studies use the engine's index and nothing else of this repository.",
			severity: "error",
			from: { path: "^studies/" },
			to: { path: "^(apps|packages|tests|bench|scripts)/", pathNot: `${engine}/index[.]ts$` },
		},
		{
			name: "studies-have-one-face",
			comment: "Others use the index of the studies; the packages do not know them.",
			severity: "error",
			from: { path: "^(apps|packages|tests|bench|scripts)/" },
			to: { path: "^studies/", pathNot: "^studies/src/index[.]ts$" },
		},
		{
			name: "packages-do-not-know-studies",
			comment: "Studies are made of what the engine does; neither engine nor database knows of them.",
			severity: "error",
			from: { path: "^packages/" },
			to: { path: "^studies/" },
		},
		{
			name: "engine-stands-alone",
			comment: "The engine imports nothing else of this repository, and its sources never import its programs.",
			severity: "error",
			from: { path: `${engine}/` },
			to: { path: "^(apps|packages|studies|tests|bench|scripts)/", pathNot: `${engine}/` },
		},
		{
			name: "programs-use-the-index",
			comment: "Programs and tests that cross packages use a package's public face; only benchmarks time its parts.",
			severity: "error",
			from: { path: "^(packages/[^/]+/bin|studies|tests)/" },
			to: { path: "^packages/[^/]+/src/", pathNot: "^packages/[^/]+/src/(index|testing[.]fixture)[.]ts$" },
		},
		{
			name: "database-knows-types-of-the-engine-only",
			comment: "The database stores what the engine found; it computes nothing and knows no app.",
			severity: "error",
			from: { path: "^packages/db/src/", pathNot: tests },
			to: { path: "^(apps|packages)/", pathNot: "^packages/db/src/", dependencyTypesNot: ["type-only"] },
		},
		{
			name: "database-has-one-face",
			comment: "Others use the database's index, and their tests its test databases.",
			severity: "error",
			from: { pathNot: "^packages/db/" },
			to: {
				path: "^packages/db/",
				pathNot: "^packages/db/src/(index|testing[.]fixture|testing-setup[.]fixture)[.]ts$",
			},
		},
		{
			name: "queries-are-free-functions",
			comment: "A query gets its connection handed in: it opens nothing and starts no server.",
			severity: "error",
			from: { path: "^packages/db/src/(queries|schema)/", pathNot: tests },
			to: {
				path: "^packages/db/src/",
				pathNot: "^packages/db/src/(queries|schema|artifacts)/|^packages/db/src/(shapes|errors)[.]ts$",
				dependencyTypesNot: ["type-only"],
			},
		},
		{
			name: "nobody-imports-apps",
			comment: "An app is where imports end.",
			severity: "error",
			from: { pathNot: "^(apps|tests)/" },
			to: { path: "^apps/" },
		},
		{
			name: "web-knows-only-the-schema",
			comment: "The dashboard is fed by schema.graphql alone, and takes nothing from engine, db, client or api.",
			severity: "error",
			from: { path: "^apps/web/" },
			to: { path: "^(packages|apps|studies|tests|bench|scripts)/", pathNot: "^apps/web/" },
		},
		{
			name: "no-cycles",
			comment: "Two files that need each other are one file, or hide a third.",
			severity: "error",
			from: {},
			to: { circular: true },
		},
		{
			name: "no-orphans",
			comment: "A file that imports nothing and that nobody imports does nothing.",
			severity: "error",
			from: {
				orphan: true,
				path: "^(packages|apps|studies|tests|bench|scripts)/",
				pathNot: [tests, "^scripts/launch[.]mjs$", "^apps/web/(public/|src/css[.]d[.]ts$)"],
			},
			to: {},
		},
		{
			name: "nobody-imports-tests",
			comment: "What a program needs is no test; what tests share is a .fixture file, which only they import.",
			severity: "error",
			from: { pathNot: tests },
			to: { path: tests },
		},
		{
			name: "imports-resolve",
			comment: "Every import leads to a file or an installed package.",
			severity: "error",
			from: {},
			to: { couldNotResolve: true },
		},
		{
			name: "dependencies-are-declared",
			comment:
				"A package that is imported stands in the package.json of its importer (programs and sources: not as a dev dependency).",
			severity: "error",
			from: { path: "^(packages/[^/]+|studies)/(src|bin)/", pathNot: tests },
			to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
		},
	],
	options: {
		doNotFollow: { path: "node_modules" },
		tsConfig: { fileName: "tsconfig.json" },
		tsPreCompilationDeps: true,
		enhancedResolveOptions: {
			exportsFields: ["exports"],
			conditionNames: ["import", "require", "node", "default", "types"],
		},
	},
};
