/** The data sets an experiment can name: one re-export line each. */
export { emojiPascal } from "./emoji-pascal.ts";
export { imported } from "./imported.ts";
