/** The two models that come with the engine, described like any other. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { shippedCheckpoint } from "@mithridate/engine";
import type { ModelRow } from "./model.type.ts";

type Name = "base" | "reference";

let known: Readonly<Record<Name, ModelRow>> | undefined;

/** Read once: the files are part of the installation. */
export function shippedModels(): Readonly<Record<Name, ModelRow>> {
	known ??= { base: describe("base"), reference: describe("reference") };
	return known;
}

function describe(name: Name): ModelRow {
	const folder = shippedCheckpoint(name);
	const files = readdirSync(folder)
		.sort()
		.map((file) => {
			const path = join(folder, file);
			const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
			const mediaType = file.endsWith(".json") ? "application/json" : "application/octet-stream";
			return { name: file, sha256, bytes: statSync(path).size, mediaType };
		});
	const weights = files.find((file) => file.name === "model.safetensors")?.sha256 ?? "";
	return {
		// The same on every machine, and of no version that the database gives.
		id: weights.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
		name,
		stage: null,
		runId: null,
		step: null,
		createdAt: new Date(0),
		files,
		folder,
	};
}
