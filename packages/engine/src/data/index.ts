/** The data sets, and what is done to their images on the way to an encoder. */
export { type EmojiPascalBaseOptions, emojiPascal, emojiPascalBase } from "./emoji-pascal/index.ts";
export { resizeStore } from "./resize.ts";
