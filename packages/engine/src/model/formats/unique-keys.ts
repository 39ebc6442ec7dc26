/** Finds what JSON.parse hides: a key that an object gives twice, where the last one silently wins. */

/** The first repeated key at any depth of `json`, which must be valid JSON; null if there is none. */
export function repeatedKey(json: string): string | null {
	const objects: (Set<string> | null)[] = [];
	let at = 0;
	while (at < json.length) {
		const character = json[at]!;
		if (character === "{") objects.push(new Set());
		else if (character === "[") objects.push(null);
		else if (character === "}" || character === "]") objects.pop();
		if (character !== '"') {
			at++;
			continue;
		}
		const end = stringEnd(json, at);
		const literal = json.slice(at, end);
		at = end;
		while (isSpace(json[at])) at++;
		if (json[at] !== ":") continue;
		const key = JSON.parse(literal) as string;
		const keys = objects.at(-1);
		if (keys?.has(key)) return key;
		keys?.add(key);
	}
	return null;
}

/** Just behind the closing quotation mark of the string that opens at `start`. */
function stringEnd(json: string, start: number): number {
	let at = start + 1;
	while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
	return at + 1;
}

function isSpace(character: string | undefined): boolean {
	return character === " " || character === "\n" || character === "\t" || character === "\r";
}
