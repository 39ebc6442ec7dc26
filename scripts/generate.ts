/** Writes committed files that follow from the sources; with `--check` only says which of them are out of date. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../packages/engine/bin/catalog.ts";

const root = join(import.meta.dirname, "..");
const generated = { "docs/catalog.md": catalog };
const check = process.argv.includes("--check");

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
