/** Artifacts as objects of a bucket, in any storage that speaks S3. */
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
	DeleteObjectCommand,
	GetObjectCommand,
	HeadObjectCommand,
	NoSuchKey,
	NotFound,
	PutObjectCommand,
	S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { v7 } from "uuid";
import { type ArtifactSource, type ArtifactStore, checkHash, Digest, missing, streamOf, Verifier } from "./contract.ts";

export interface S3Options {
	readonly bucket: string;
	readonly region: string;
	/** Address of the storage; AWS's own where it is left out. */
	readonly endpoint?: string;
	/** From the environment, as every AWS program takes them, where they are left out. */
	readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
	/** In front of every key. */
	readonly prefix?: string;
	/** Folder for streams that are stored: their hash, which is their name, is known only at their end. */
	readonly temporaryFolder: string;
}

/** The store in a bucket, and its end. */
export function s3Artifacts(options: S3Options): ArtifactStore & { close(): void } {
	const { bucket: Bucket, region, endpoint, credentials, prefix = "" } = options;
	const client = new S3Client({
		region,
		...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
		...(credentials === undefined ? {} : { credentials }),
		// Not every storage knows the newer checksums; the name is a stronger one.
		requestChecksumCalculation: "WHEN_REQUIRED",
		responseChecksumValidation: "WHEN_REQUIRED",
	});
	const object = (sha256: string) => {
		checkHash(sha256);
		return { Bucket, Key: `${prefix}${sha256.slice(0, 2)}/${sha256}` };
	};
	return {
		async put(source, { mediaType }) {
			const { content, remove } = await spool(source, options.temporaryFolder);
			try {
				const digest = new Digest();
				await pipeline(streamOf(content), digest, async (chunks) => {
					for await (const _ of chunks);
				});
				const stored = digest.result();
				const Body = content instanceof Uint8Array ? content : streamOf(content);
				const sent = { Body, ContentLength: stored.bytes, ContentType: mediaType };
				await client.send(new PutObjectCommand({ ...object(stored.sha256), ...sent }));
				return stored;
			} finally {
				await remove();
			}
		},
		async get(sha256) {
			const { Body } = await client.send(new GetObjectCommand(object(sha256))).catch((error: unknown) => {
				throw error instanceof NoSuchKey ? missing(sha256) : error;
			});
			const verifier = new Verifier(sha256);
			// The fault of either stream is the verifier's, which the reader listens to.
			pipeline(Body as Readable, verifier).catch(() => undefined);
			return verifier;
		},
		async head(sha256) {
			try {
				const { ContentLength } = await client.send(new HeadObjectCommand(object(sha256)));
				return { bytes: ContentLength ?? 0 };
			} catch (error) {
				if (error instanceof NotFound) return null;
				throw error;
			}
		},
		async delete(sha256) {
			await client.send(new DeleteObjectCommand(object(sha256)));
		},
		sign: (sha256, { expiresIn }) => getSignedUrl(client, new GetObjectCommand(object(sha256)), { expiresIn }),
		close: () => client.destroy(),
	};
}

/** Content that can be read twice: to find its name, and to send it. */
async function spool(source: ArtifactSource, folder: string) {
	if (!(source instanceof Readable)) return { content: source, remove: async () => undefined };
	const path = join(folder, `s3-${v7()}`);
	await mkdir(folder, { recursive: true, mode: 0o700 });
	await pipeline(source, createWriteStream(path, { flags: "wx", mode: 0o600 }));
	return { content: { path }, remove: () => rm(path, { force: true }) };
}
