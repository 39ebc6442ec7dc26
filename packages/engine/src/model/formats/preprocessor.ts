/** `preprocessor_config.json` in its old and new spelling, and `processor_config.json`, which holds it since 5.x. */
import { z } from "zod";
import { CLIP_MEAN, CLIP_STD, type Preprocess } from "../clip.ts";
import { hasFile, readJson } from "./directory.ts";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";

const side = z.int().positive();
const channels = z.tuple([z.number(), z.number(), z.number()]);
const positive = z.number().positive();

/** Sizes are numbers in files of Hugging Face before 4.25 and tables since; there is no rescale_factor in the older. */
const schema = z.looseObject({
	do_resize: z.literal(true).default(true),
	do_center_crop: z.literal(true).default(true),
	do_rescale: z.literal(true).default(true),
	do_normalize: z.literal(true).default(true),
	image_mean: channels.default([...CLIP_MEAN]),
	image_std: z.tuple([positive, positive, positive]).default([...CLIP_STD]),
	/** 3 is bicubic. */
	resample: z.literal(3).default(3),
	size: z
		.union([side, z.looseObject({ shortest_edge: side }), z.looseObject({ height: side, width: side })])
		.optional(),
	crop_size: z.union([side, z.looseObject({ height: side, width: side })]).optional(),
	rescale_factor: z.number().default(1 / 255),
});

/** Reads how images are prepared for a model of `imageSize` pixels. Throws `InvalidCheckpoint` naming the field. */
export async function readPreprocess(directory: string, imageSize: number): Promise<Preprocess> {
	const newest = "processor_config.json";
	if (hasFile(directory, "preprocessor_config.json") || !hasFile(directory, newest))
		return parsePreprocess(await readJson(directory, "preprocessor_config.json"), imageSize);
	const file = z.looseObject({ image_processor: z.unknown() }).safeParse(await readJson(directory, newest));
	return parsePreprocess(file.success ? file.data.image_processor : null, imageSize);
}

function parsePreprocess(json: unknown, imageSize: number): Preprocess {
	const fault = (field: string, problem: string) =>
		new InvalidCheckpoint("bad-config", `preprocessor_config.json, ${field}: ${problem}.`, { subject: field });
	const parsed = schema.safeParse(json);
	if (!parsed.success) {
		const { path, message } = parsed.error.issues[0]!;
		throw fault(path.join(".") || "preprocessor_config.json", message);
	}
	const { image_mean: mean, image_std: std, size = imageSize, crop_size: crop = imageSize } = parsed.data;
	const [height, width] = typeof crop === "number" ? [crop, crop] : [crop.height, crop.width];
	if (height !== imageSize || width !== imageSize)
		throw fault("crop_size", `${height} x ${width} pixels, but the model takes ${imageSize} x ${imageSize}`);
	const edges =
		typeof size === "number" ? [size] : "shortest_edge" in size ? [size.shortest_edge] : Object.values(size);
	if (edges.some((edge) => edge !== imageSize))
		throw fault(
			"size",
			`images are resized to ${edges.join(" x ")} pixels before a crop of ${imageSize}; CLIP's agree`,
		);
	const { rescale_factor: factor } = parsed.data;
	if (Math.abs(factor * 255 - 1) > 1e-6)
		throw fault("rescale_factor", `${factor} is not 1/255, the only scale CLIP uses`);
	return { mean, std, size: imageSize };
}

/** The file in the spelling that Hugging Face reads since 4.25. */
export function printPreprocess({ mean, std, size }: Preprocess): Record<string, unknown> {
	return {
		image_processor_type: "CLIPImageProcessor",
		do_convert_rgb: true,
		do_resize: true,
		size: { shortest_edge: size },
		resample: 3,
		do_center_crop: true,
		crop_size: { height: size, width: size },
		do_rescale: true,
		rescale_factor: 1 / 255,
		do_normalize: true,
		image_mean: mean,
		image_std: std,
	};
}
