/**
 * The gallery process: embeds and ranks for the API, whose own loop it leaves free. It answers one request after the
 * other and ends with the channel. Started by `gallery.ts` with the folders of its cache and of imported data sets as arguments.
 */
import { setPriority } from "node:os";
import { MithridateError } from "@mithridate/engine";
import { mapPoints } from "./map.ts";
import { createModels } from "./models.ts";
import { preview } from "./preview.ts";
import type { FromChild, GalleryRequest, ToChild } from "./protocol.ts";
import { retrieve } from "./retrieve.ts";

/** Below the API and above nothing: who waits for an answer goes before who trains, the API before both. */
const NICENESS = 5;

const [cacheFolder, datasetFolder] = process.argv.slice(2);
if (cacheFolder === undefined) throw new TypeError("the cache folder is missing");
const models = createModels(cacheFolder);
setPriority(NICENESS);

async function answer(request: GalleryRequest) {
	if (request.kind === "retrieve") return retrieve(request, models);
	if (request.kind === "map") return mapPoints(request, models);
	return preview(request, { cacheFolder: cacheFolder as string, datasetFolder });
}

const say = (message: FromChild) => process.send?.(message);

let before: Promise<void> = Promise.resolve();
process.on("message", ({ id, request }: ToChild) => {
	before = before.then(async () => {
		try {
			say({ id, result: await answer(request) });
		} catch (error) {
			// What the caller cannot act on ends the process: the API logs it and starts another.
			if (!(error instanceof MithridateError)) throw error;
			say({ id, fault: { message: error.message, subject: error.subject ?? null } });
		}
	});
});
process.on("disconnect", () => process.exit(0));
