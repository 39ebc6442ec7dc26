/** `GET /images/<sha256 of the pixels' file>/<row>.png`: one image of a data set, made from its raw pixels, patched if named so. */
import { open } from "node:fs/promises";
import { type ArtifactStore, findImageSize } from "@mithridate/db";
import { stamp } from "@mithridate/engine";
import type { RequestHandler } from "express";
import sharp from "sharp";
import type { Services } from "../context.ts";
import { ApiError } from "../errors.ts";
import { readImageName } from "../subjects/datasets/image-path.ts";
import { checkSha256 } from "./artifacts.ts";

const LARGEST = 1_024;

/** Bytes of a stored file from `start` on, as many as fit `length`; fewer where the file ends. */
async function readPart(
	artifacts: ArtifactStore & { path?(sha256: string): string },
	hash: string,
	part: { start: number; length: number },
): Promise<Buffer> {
	const { start, length } = part;
	if (artifacts.path) {
		const file = await open(artifacts.path(hash), "r");
		try {
			const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
			return buffer.subarray(0, bytesRead);
		} finally {
			await file.close();
		}
	}
	// A store elsewhere has no places to read from: what comes before is passed over.
	const pieces: Buffer[] = [];
	let at = 0;
	for await (const chunk of await artifacts.get(hash)) {
		const bytes: Buffer = chunk;
		pieces.push(bytes.subarray(Math.max(0, start - at), Math.max(0, start + length - at)));
		at += bytes.length;
		if (at >= start + length) break;
	}
	return Buffer.concat(pieces);
}

function sizeOf(text: unknown, usual: number): number {
	if (text === undefined) return usual;
	const size = typeof text === "string" && /^\d{1,4}$/.test(text) ? Number(text) : 0;
	if (size < 1 || size > LARGEST)
		throw new ApiError("BAD_REQUEST", `size is ${String(text).slice(0, 20)}; give 1 to ${LARGEST} pixels.`);
	return size;
}

/** Sends images by the checksum of their file and their row in it; enlarged without smoothing. */
export function imageFile({ database, artifacts }: Services): RequestHandler {
	const sizes = new Map<string, number>();

	async function imageSize(hash: string): Promise<number> {
		const known = sizes.get(hash);
		if (known !== undefined) return known;
		const size = await findImageSize(database.db, hash);
		if (size === null) throw new ApiError("NOT_FOUND", "There is nothing at this address.");
		// Data sets never change; only what exists is kept.
		sizes.set(hash, size);
		return size;
	}

	return async (request, response) => {
		const hash = checkSha256(request.params.sha256);
		const named = readImageName(String(request.params.file));
		const size = await imageSize(hash);
		if (named === null || (named.patch && (named.patch.pixels < 1 || named.patch.pixels > size)))
			throw new ApiError("NOT_FOUND", "There is nothing at this address.");
		const shown = sizeOf(request.query.size, size);
		const etag = `"${hash.slice(0, 32)}-${request.params.file}-${shown}"`;
		response.setHeader("etag", etag).setHeader("cache-control", "private, max-age=31536000, immutable");
		if (request.headers["if-none-match"] === etag) {
			response.status(304).end();
			return;
		}
		const length = size * size * 3;
		const pixels = await readPart(artifacts, hash, { start: named.row * length, length });
		if (pixels.length !== length) {
			response.removeHeader("etag");
			response.removeHeader("cache-control");
			throw new ApiError("NOT_FOUND", "There is nothing at this address.");
		}
		const { patch } = named;
		const drawn = patch === null ? pixels : stamp(pixels, size, { place: patch.place, side: patch.pixels / size });
		const image = sharp(drawn, { raw: { width: size, height: size, channels: 3 } });
		if (shown !== size) image.resize(shown, shown, { kernel: "nearest" });
		response.type("png").send(await image.png().toBuffer());
	};
}
