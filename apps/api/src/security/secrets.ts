/** Bearer secrets: `mmp_<256 random bits>_<CRC-32>`, of which only the SHA-256 is ever stored. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

const form = /^mmp_([A-Za-z0-9_-]{43})_([0-9a-f]{8})$/;

const checksum = (random: string) => crc32(random).toString(16).padStart(8, "0");

/** A new secret. */
export function createSecret(): string {
	const random = randomBytes(32).toString("base64url");
	return `mmp_${random}_${checksum(random)}`;
}

/** Whether a text has the form and checksum of a secret: a slip of the pen is told from a wrong token without a query. */
export function isWellFormed(secret: string): boolean {
	const [, random, crc] = form.exec(secret) ?? [];
	return random !== undefined && checksum(random) === crc;
}

/** SHA-256 of a secret: 32 bytes. */
export function hashOf(secret: string): Buffer {
	return createHash("sha256").update(secret).digest();
}

/** Compares two secrets in a time that tells nothing of where they differ, whatever their lengths. */
export function isSameSecret(a: string, b: string): boolean {
	return timingSafeEqual(hashOf(a), hashOf(b));
}

/** The letters by which people tell tokens apart: `mmp_` and six more. */
export function prefixOf(secret: string): string {
	return secret.slice(0, 10);
}
