/** Addresses of pictures: a row of a data set's image store, as it is or with a backdoor's patch. */
import type { Patch } from "@mithridate/engine";

/** A patch whose side is counted in the image's own pixels. */
export interface PixelPatch {
	readonly place: Patch["place"];
	readonly pixels: number;
}

/** What a file's name asks for. */
export interface NamedImage {
	readonly row: number;
	readonly patch: PixelPatch | null;
}

const NAME = /^(\d{1,9})(?:-(top-left|top-right|bottom-left|bottom-right|centre)-(\d{1,4})px)?\.png$/;

/** `/images/<sha256 of the pixels' file>/17.png`, or `17-bottom-right-4px.png` with a patch of four pixels. */
export function imagePath(imagesSha256: string | null, { row, patch }: NamedImage): string {
	const stamped = patch === null ? "" : `-${patch.place}-${patch.pixels}px`;
	return `/images/${imagesSha256}/${row}${stamped}.png`;
}

/** What `imagePath` wrote; null for any other name. */
export function readImageName(file: string): NamedImage | null {
	const [, row, place, pixels] = NAME.exec(file) ?? [];
	if (row === undefined) return null;
	const patch = place === undefined ? null : { place: place as Patch["place"], pixels: Number(pixels) };
	return { row: Number(row), patch };
}
