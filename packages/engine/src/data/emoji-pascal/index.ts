/** emoji-PASCAL, the embedded data set. */
export { pascalClasses } from "./concepts.ts";
export { emojiPascal, emojiPascalBase } from "./load.ts";
export { type EmojiPascalBaseOptions, emojiPascalOptions } from "./options.ts";
