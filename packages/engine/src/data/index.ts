/** The data step: data sets, their versions and edits, and image preprocessing. */
export { applyEdits } from "./edits.ts";
export type { EmojiPascalBaseOptions, EmojiPascalOptions } from "./emoji-pascal/index.ts";
export { emojiPascal, emojiPascalBase, emojiPascalBaseOptions, emojiPascalOptions } from "./emoji-pascal/index.ts";
export type { Manifest } from "./manifest.ts";
export { editedHash, manifestHash } from "./manifest.ts";
export type { RgbImage } from "./resize.ts";
export { resizeImage, resizeStore } from "./resize.ts";
