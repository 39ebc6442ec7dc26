/** Short names in addresses. */
import { randomBytes } from "node:crypto";

const MOST_CHARACTERS = 60;

/** The name in lower case with hyphens, and a few random letters so that it is free. */
export function slugOf(name: string): string {
	const plain = name
		.normalize("NFKD")
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, "-")
		.slice(0, MOST_CHARACTERS)
		.replaceAll(/^-+|-+$/g, "");
	return `${plain || "study"}-${randomBytes(3).toString("hex")}`;
}
