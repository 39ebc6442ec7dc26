/** Checks .dependency-cruiser.cjs, and that the checker saw the code: an empty graph breaks no rule. */
import { existsSync, globSync } from "node:fs";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTypeScript from "dependency-cruiser/config-utl/extract-ts-config";

const roots = ["apps", "packages", "studies", "tests", "bench", "scripts"].filter((root) => existsSync(root));

const options = await extractOptions("./.dependency-cruiser.cjs");
const { output } = await cruise(
	roots,
	{ ...options, exclude: "node_modules/[.]|^apps/web/([.]next|out)/" },
	{},
	{ tsConfig: extractTypeScript("./tsconfig.json") },
);
const { modules, summary } = output as ICruiseResult;

const seen = new Set(modules.map(({ source }) => source));
const sources = roots
	.flatMap((root) => globSync(`${root}/**/*.{ts,tsx,mjs}`))
	.filter((path) => !path.includes("node_modules") && !/^apps\/web\/([.]next|out)\//.test(path.replaceAll("\\", "/")));
const unseen = sources.filter((path) => !seen.has(path.replaceAll("\\", "/")));
const internal = modules.flatMap(({ dependencies }) =>
	dependencies.filter(({ resolved }) => !resolved.includes("node_modules")),
);

const faults = [
	...summary.violations.map(({ rule, from, to, cycle }) => {
		const path = cycle ? [from, ...cycle.map(({ name }) => name)] : from === to ? [from] : [from, to];
		return `${rule.name}: ${path.join(" -> ")}`;
	}),
	...unseen.map((path) => `the checker did not see ${path}`),
	...(internal.length < sources.length / 2 ? [`only ${internal.length} imports seen in ${sources.length} files`] : []),
];

for (const fault of faults) console.error(fault);
console.log(`boundaries: ${sources.length} files, ${internal.length} imports between them, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
