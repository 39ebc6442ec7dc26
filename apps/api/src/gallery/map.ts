/** Places images and texts in a plane: the one that is handed in, or one fitted on this model. */
import type { Models } from "./models.ts";
import { type Embedded, fitPlane, project, type Rows } from "./plane.ts";
import type { MapRequest, MapResult } from "./protocol.ts";

const first = ({ width, values }: Rows, count: number): Rows => ({
	count,
	width,
	values: values.subarray(0, count * width),
});

/** The plane is fitted on the first rows alone: poisoned pairs are looked at, and do not turn the picture. */
export async function mapPoints(request: MapRequest, models: Models): Promise<MapResult> {
	const { folder, modelHash, images, texts, fitted, goal } = request;
	const embedded: Embedded = await models.embed({ folder, hash: modelHash }, images, texts);
	const rows = { images: first(embedded.images, fitted), texts: first(embedded.texts, fitted) };
	const classes = images.classes.slice(0, fitted);
	const plane = request.plane ?? fitPlane(rows, goal && { ...goal, classes: [...classes, ...classes] });
	return { plane, ...project(embedded, plane) };
}
