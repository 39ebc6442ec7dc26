/** Writes committed files that follow from the sources; with `--check` only says which of them are out of date. */
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../packages/engine/bin/catalog.ts";

const root = join(import.meta.dirname, "..");
const check = process.argv.includes("--check");
/** A schema that takes something away from clients is written only with this, and noted. */
const acceptBreaking = process.argv.includes("--accept-breaking");
const generated = {
	"docs/catalog.md": catalog,
	"schema.graphql": schema,
	"apps/web/src/graphql/introspection.d.ts": introspection,
	"packages/client/src/introspection.d.ts": introspection,
};

/** The API's schema, printed by a process of its own that runs decorators. */
function schema(): string {
	const program = ["--import", "./apps/api/decorators.ts", "apps/api/bin/schema.ts"];
	const printed = execFileSync(process.execPath, program, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 });
	const { schema, breaking }: { schema: string; breaking: string[] } = JSON.parse(printed);
	if (breaking.length === 0 || check) return schema;
	if (!acceptBreaking)
		throw new Error(
			`The schema would break clients:\n${breaking.join("\n")}\nKeep what is there and deprecate it, or note the change: npm run generate -- --accept-breaking`,
		);
	const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	const notes = breaking.map((change) => `- ${version}: ${change}\n`).join("");
	appendFileSync(join(root, "docs/schema-changes.md"), notes);
	return schema;
}

/** The schema as the types that documents of the dashboard and the client are checked with. */
function introspection(): string {
	return execFileSync(process.execPath, ["apps/web/bin/schema.ts"], {
		cwd: root,
		encoding: "utf8",
		maxBuffer: 2 ** 26,
	});
}

function isCurrent(file: string, text: string): boolean {
	try {
		return readFileSync(join(root, file), "utf8") === text;
	} catch {
		return false;
	}
}

for (const [file, make] of Object.entries(generated)) {
	const text = make();
	if (isCurrent(file, text)) console.log(`${file} is up to date`);
	else if (check) {
		console.error(`${file} is out of date: npm run generate`);
		process.exitCode = 1;
	} else {
		writeFileSync(join(root, file), text);
		console.log(`${file} is written`);
	}
}
