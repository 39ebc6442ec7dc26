/** Where files are kept by the SHA-256 of their content: five calls, whatever keeps them. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable, Transform, type TransformCallback } from "node:stream";
import { DatabaseError } from "../errors.ts";

/** Content to store: bytes at hand, a stream, or a file. */
export type ArtifactSource = Uint8Array | Readable | { readonly path: string };

export interface StoredArtifact {
	readonly sha256: string;
	readonly bytes: number;
}

export interface ArtifactStore {
	/** Stores content; when the promise resolves it is whole and will stay. Storing the same again changes nothing. */
	put(source: ArtifactSource, options: { readonly mediaType: string }): Promise<StoredArtifact>;
	/**
	 * The content. The stream fails with `artifact-damaged` before its end when it is not what the name says, so nothing
	 * may be done with it until it has ended.
	 * @throws DatabaseError `artifact-missing`.
	 */
	get(sha256: string): Promise<Readable>;
	/** Size of the content; null when it is not there. */
	head(sha256: string): Promise<{ readonly bytes: number } | null>;
	/** Removes the content; nothing happens when it is not there. */
	delete(sha256: string): Promise<void>;
	/** An address that anybody can load the content from for some seconds; null where there is no such thing. */
	sign(sha256: string, options: { readonly expiresIn: number }): Promise<string | null>;
}

/** Content as a whole, checked. @throws DatabaseError `artifact-missing` or `artifact-damaged`. */
export async function readArtifact(store: ArtifactStore, sha256: string): Promise<Uint8Array<ArrayBuffer>> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of await store.get(sha256)) chunks.push(chunk as Uint8Array);
	return new Uint8Array(Buffer.concat(chunks));
}

/** What is wrong with stored content; null when it is sound. */
export async function faultOf(store: ArtifactStore, sha256: string): Promise<"missing" | "damaged" | null> {
	try {
		for await (const _ of await store.get(sha256));
		return null;
	} catch (error) {
		if (error instanceof DatabaseError && error.code === "artifact-missing") return "missing";
		if (error instanceof DatabaseError && error.code === "artifact-damaged") return "damaged";
		throw error;
	}
}

/** Content as a stream. */
export function streamOf(source: ArtifactSource): Readable {
	if (source instanceof Uint8Array) return Readable.from([source]);
	return source instanceof Readable ? source : createReadStream(source.path);
}

/** Passes content on and knows its hash and size at the end. */
export class Digest extends Transform {
	readonly #hash = createHash("sha256");
	bytes = 0;

	override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
		this.#hash.update(chunk);
		this.bytes += chunk.length;
		done(null, chunk);
	}

	/** Once, after the end. */
	result(): StoredArtifact {
		return { sha256: this.#hash.digest("hex"), bytes: this.bytes };
	}
}

/** Passes content on and fails at its end when it is not what the name says. */
export class Verifier extends Digest {
	readonly #sha256: string;

	constructor(sha256: string) {
		super();
		this.#sha256 = sha256;
	}

	override _flush(done: TransformCallback): void {
		const { sha256, bytes } = this.result();
		done(sha256 === this.#sha256 ? null : damaged(this.#sha256, { sha256, bytes }));
	}
}

export function missing(sha256: string): DatabaseError {
	return new DatabaseError(
		"artifact-missing",
		`The artifact ${sha256} is not in the store. Restore it from a copy, or run again what made it.`,
		{ subject: sha256 },
	);
}

function damaged(wanted: string, { sha256, bytes }: StoredArtifact): DatabaseError {
	return new DatabaseError(
		"artifact-damaged",
		`The artifact ${wanted} has other content: ${bytes} bytes with the hash ${sha256}. Restore it from a copy, or run again what made it.`,
		{ subject: wanted },
	);
}

/** Refuses what is no SHA-256, so that a name never leads out of the store. */
export function checkHash(sha256: string): void {
	if (!/^[0-9a-f]{64}$/.test(sha256))
		throw new DatabaseError(
			"invalid-input",
			`"${sha256.slice(0, 80)}" is no SHA-256, which is 64 hexadecimal digits in lower case.`,
			{ subject: "sha256" },
		);
}
