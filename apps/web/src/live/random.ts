/** In [0, 1), from the browser's generator: what it spreads in time does not have to be repeatable. */
export function random(): number {
	return crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;
}
