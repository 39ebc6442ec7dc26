/** The importers: one re-export line each. */
export { captionFile } from "./caption-file.ts";
