/** The presets: one re-export line each. */
export { coco } from "./coco.ts";
export { flickrPascal } from "./flickr-pascal.ts";
