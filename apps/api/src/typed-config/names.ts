/** Spelling of engine names in GraphQL: PascalCase types, camelCase fields, SCREAMING_SNAKE_CASE enum values. */

function words(name: string): string[] {
	return name
		.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
		.split(/[^A-Za-z0-9]+/)
		.filter(Boolean);
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** `class-share` and `classShare` become `ClassShare`. */
export function pascal(name: string): string {
	return words(name).map(capital).join("");
}

/** `class-share` becomes `classShare`. */
export function camel(name: string): string {
	const joined = pascal(name);
	return joined.charAt(0).toLowerCase() + joined.slice(1);
}

/** `classShare` and `class-share` become `CLASS_SHARE`; `2014` becomes `_2014`, since no name of GraphQL begins with a digit. */
export function screaming(name: string): string {
	return words(name).join("_").toUpperCase().replace(/^\d/, "_$&");
}
