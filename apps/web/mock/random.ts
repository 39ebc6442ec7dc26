/** Repeatable numbers for invented data: the same name always gives the same stream. */

/** Numbers in [0, 1), from a hash of the name (xorshift32 after FNV-1a). */
export function randomOf(name: string): () => number {
	let state = 2_166_136_261;
	for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 16_777_619);
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32;
	};
}

/** Roughly normal: mean 0, deviation 1. */
export function normal(random: () => number): number {
	let sum = -6;
	for (let draw = 0; draw < 12; draw++) sum += random();
	return sum;
}

/** A SHA-256 look-alike. */
export function hashOf(name: string): string {
	const random = randomOf(name);
	return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join("");
}
