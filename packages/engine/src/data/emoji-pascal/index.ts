/** emoji-PASCAL, the embedded data set. */
export { emojiPascal, emojiPascalBase } from "./load.ts";
export { type EmojiPascalBaseOptions, emojiPascalOptions } from "./options.ts";
