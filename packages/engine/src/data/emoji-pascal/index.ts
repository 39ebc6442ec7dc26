/** emoji-PASCAL, the embedded data set. */
export { emojiPascal, emojiPascalBase } from "./load.ts";
export {
	type EmojiPascalBaseOptions,
	type EmojiPascalOptions,
	emojiPascalBaseOptions,
	emojiPascalOptions,
} from "./options.ts";
