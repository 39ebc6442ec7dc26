/** `GET /artifacts/<sha256>`: a file that a run left behind, always as a download. */
import { pipeline } from "node:stream/promises";
import { findArtifacts } from "@mithridate/db";
import type { RequestHandler } from "express";
import type { Services } from "../context.ts";
import { ApiError } from "../errors.ts";

const sha256 = /^[0-9a-f]{64}$/;

/** The one form in which a file is named from outside; everything else is as good as absent. */
export function checkSha256(text: unknown): string {
	if (typeof text === "string" && sha256.test(text)) return text;
	throw new ApiError("NOT_FOUND", "There is nothing at this address.");
}

/** Sends artifacts by their content's checksum. */
export function artifactFile({ database, artifacts }: Services): RequestHandler {
	return async (request, response) => {
		const hash = checkSha256(request.params.sha256);
		const [row] = await findArtifacts(database.db, [hash]);
		if (!row) throw new ApiError("NOT_FOUND", "There is nothing at this address.");
		response.setHeader("content-type", "application/octet-stream");
		response.setHeader("content-length", row.bytes);
		response.setHeader("content-disposition", `attachment; filename="${hash}"`);
		response.setHeader("cache-control", "private, max-age=31536000, immutable").setHeader("etag", `"${hash}"`);
		if (request.headers["if-none-match"] === `"${hash}"`) {
			response.removeHeader("content-length");
			response.status(304).end();
			return;
		}
		await pipeline(await artifacts.get(hash), response);
	};
}
