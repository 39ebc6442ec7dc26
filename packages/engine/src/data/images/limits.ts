/** What an image may be: more than this is refused before or while it is decoded. */

/** Bytes of an encoded image. */
export const mostImageBytes = 32 * 2 ** 20;
/** Width times height. */
export const mostPixels = 24_000_000;
/** Milliseconds that decoding one image may take. */
export const mostMilliseconds = 10_000;
/** Resident bytes of a decoder process. */
export const mostResidentBytes = 280 * 2 ** 20;
/** Exit status of a decoder that outgrew `mostResidentBytes`. */
export const outOfMemoryStatus = 71;

/** Why an image was not taken. */
export type ImageFault =
	| "image-too-large"
	| "image-format"
	| "image-too-many-pixels"
	| "image-damaged"
	| "image-out-of-memory"
	| "image-timeout"
	| "image-decoder-crash";

/** First bytes of the formats that are decoded: JPEG, PNG, GIF (its first frame) and WebP. */
export function isKnownFormat(bytes: Uint8Array): boolean {
	const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.byteLength)).toString("latin1");
	if (head.startsWith("\xff\xd8\xff") || head.startsWith("\x89PNG\r\n\x1a\n")) return true;
	if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return true;
	return head.startsWith("RIFF") && head.slice(8, 12) === "WEBP";
}
