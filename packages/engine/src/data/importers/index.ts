/** The importers: one re-export line each. */
export { captionFile } from "./caption-file.ts";
export { coco } from "./coco.ts";
export { flickrPascal } from "./flickr-pascal.ts";
export { flickr30k } from "./flickr30k.ts";
export { parquet } from "./parquet.ts";
export { pascalSentences } from "./pascal-sentences.ts";
export { visualGenome } from "./visual-genome.ts";
export { webDataset } from "./web-dataset.ts";
