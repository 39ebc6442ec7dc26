/** What can be chosen about emoji-PASCAL. */
import { z } from "zod";
import { MithridateError } from "../../errors.ts";

const count = (most: number, standard: number) => z.int().min(0).max(most).default(standard);

const common = {
	seed: z.int().min(0).default(0).describe("Every split draws from its own stream under this seed."),
	size: z.int().min(32).max(128).default(64).describe("Side of the images in pixels."),
	/** A place of this machine, so never part of a data set's identity. */
	cacheFolder: z
		.string()
		.min(1)
		.nullable()
		.default(".cache/mithridate")
		.describe("Where rendered data are kept; null keeps nothing."),
};

/** Splits for an experiment. The standard counts make 25 poisoned images exactly 1 % of the training images. */
export const emojiPascalOptions = z.strictObject({
	...common,
	trainPerClass: z.int().min(1).max(5000).default(25).describe("Labelled training images of each of the 20 classes."),
	filler: count(200_000, 2000).describe("Unlabelled training images of any concept (stands for Flickr30k)."),
	testPerClass: z.int().min(1).max(5000).default(25).describe("Gallery images of each class."),
	trusted: count(200_000, 4000).describe("Clean images of another distribution (stands for Visual Genome)."),
});
export type EmojiPascalOptions = z.input<typeof emojiPascalOptions>;

/** The pre-training set. */
export const emojiPascalBaseOptions = z.strictObject({
	...common,
	count: z.int().min(1).max(200_000).default(16_000).describe("Images of the base split."),
	classShare: z.number().min(0).max(1).default(0.35).describe("Share of images about one of the 20 classes."),
});
export type EmojiPascalBaseOptions = z.input<typeof emojiPascalBaseOptions>;

/** Checks options and fills in defaults; the first fault becomes a typed error that names its field. */
export function checkOptions<Schema extends z.ZodType>(schema: Schema, options: unknown): z.output<Schema> {
	const result = schema.safeParse(options);
	if (result.success) return result.data;
	const fault = result.error.issues[0]!;
	const subject = fault.path.join(".");
	throw new MithridateError("invalid-config", `emoji-PASCAL option ${subject || "set"}: ${fault.message}`, {
		subject,
		cause: result.error,
	});
}

/** Node reads and hashes at most 2 GiB in one piece; a little is left for captions. */
const mostBytes = 2 ** 31 - 2 ** 26;

/** Refuses more images than one store may hold. */
export function checkWeight(images: number, size: number): void {
	const most = Math.floor(mostBytes / (size * size * 3));
	if (images <= most) return;
	const message = `emoji-PASCAL: ${images} images of ${size} x ${size} pixels are too many for one store; ask for at most ${most}.`;
	throw new MithridateError("invalid-config", message, { subject: "size" });
}
