/** Bad images of many kinds, each with the fault it must be given. Made here: no file of a stranger lies in the repository. */
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { Random } from "../../random.ts";
import type { ImageFault } from "./limits.ts";

export interface BadImage {
	readonly name: string;
	readonly bytes: Uint8Array;
	/** Null: any fault or a picture, as long as nothing breaks. */
	readonly fault: ImageFault | null;
}

/** A picture of overlapping waves, different for every seed. */
export function picture(seed: number, { width = 96, height = 64 }: { width?: number; height?: number } = {}) {
	const random = new Random(`picture/${seed}`);
	const waves = Array.from({ length: 24 }, (_, at) => ({
		across: (random.normal() * 20) / width,
		down: (random.normal() * 20) / height,
		phase: random.uniform() * 6,
		channel: at % 3,
	}));
	const raw = Buffer.alloc(width * height * 3);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++)
			for (let channel = 0; channel < 3; channel++) {
				let value = 128;
				for (const wave of waves)
					value += (wave.channel === channel ? 20 : 9) * Math.sin(x * wave.across + y * wave.down + wave.phase);
				raw[(y * width + x) * 3 + channel] = Math.min(255, Math.max(0, value));
			}
	return sharp(raw, { raw: { width, height, channels: 3 } });
}

function chunk(name: string, data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(name), data]);
	const ends = Buffer.alloc(8);
	ends.writeUInt32BE(data.length, 0);
	ends.writeUInt32BE(crc32(body), 4);
	return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A PNG whose header claims any size, with compressed zeros behind it. */
function pngOf(width: number, height: number, extra: readonly Buffer[] = []): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2, 0, 0, 0], 8);
	return Buffer.concat([
		Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
		chunk("IHDR", header),
		...extra,
		chunk("IDAT", deflateSync(Buffer.alloc(100_000))),
		chunk("IEND", Buffer.alloc(0)),
	]);
}

/** The whole list; a few seconds of work. */
export async function badImages(): Promise<BadImage[]> {
	const [jpeg, png, webp, gif, tiff] = await Promise.all([
		picture(1).jpeg().toBuffer(),
		picture(1).png().toBuffer(),
		picture(1).webp().toBuffer(),
		picture(1).gif().toBuffer(),
		picture(1).tiff().toBuffer(),
	]);
	const text = (content: string) => Buffer.from(content);
	const bad = (name: string, bytes: Uint8Array, fault: ImageFault | null): BadImage => ({ name, bytes, fault });
	const cut = Object.entries({ jpeg, png, webp }).flatMap(([format, bytes]) =>
		[0.08, 0.15, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95].map((share) =>
			bad(`${format} cut at ${share}`, bytes.subarray(0, Math.floor(bytes.length * share)), "image-damaged"),
		),
	);
	const bombs = [5_000, 10_000, 20_000, 32_767, 65_535].flatMap((side) => [
		bad(`png bomb ${side}`, pngOf(side, side), "image-too-many-pixels"),
		bad(`jpeg bomb ${side}`, jpegOf(jpeg, Math.min(side, 65_500)), "image-too-many-pixels"),
		bad(`gif bomb ${side}`, gifOf(gif, side), "image-too-many-pixels"),
	]);
	const foreign: BadImage[] = [
		["svg", text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
		["svg entity", text('<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg><text>&x;</text></svg>')],
		["svg link", text('<svg><image href="http://localhost/x.png"/></svg>')],
		["gzipped svg", Buffer.from("1f8b0800000000000003", "hex")],
		["tiff", tiff],
		["big tiff", Buffer.from("49492b0008000000", "hex")],
		["heif", Buffer.concat([Buffer.from("00000018", "hex"), text("ftypheic")])],
		["avif", Buffer.concat([Buffer.from("00000018", "hex"), text("ftypavif")])],
		["pdf", text("%PDF-1.7\n1 0 obj")],
		["vips", Buffer.from("08f2a6b6", "hex")],
		["bmp", text("BM123456789")],
		["ico", Buffer.from("00000100", "hex")],
		["exr", Buffer.from("762f3101", "hex")],
		["jpeg 2000", Buffer.from("0000000c6a5020200d0a870a", "hex")],
		["jpeg xl", Buffer.from("ff0a", "hex")],
		["fits", text("SIMPLE  =                    T")],
		["ppm", text("P6 1 1 255\n...")],
		["csv", text("1,2,3\n")],
		["matrix", text("2 2\n1 0\n0 1\n")],
		["html", text("<html>not found</html>")],
		["zip", text("PK\x03\x04")],
		["script", text("#!/bin/sh\nexit 1\n")],
		["zero bytes", Buffer.alloc(0)],
		["one byte", Buffer.alloc(1)],
		["zeros", Buffer.alloc(4096)],
		["riff that is a sound", text("RIFF\x10\0\0\0WAVEfmt ")],
	].map(([name, bytes]) => bad(String(name), bytes as Uint8Array, "image-format"));
	const broken: BadImage[] = [
		bad("jpeg start alone", Buffer.from("ffd8ff", "hex"), "image-damaged"),
		bad("png signature alone", png.subarray(0, 8), "image-damaged"),
		bad("gif signature alone", text("GIF89a"), "image-damaged"),
		bad("webp signature alone", text("RIFF\x04\0\0\0WEBP"), "image-damaged"),
		bad("png of no width", pngOf(0, 9), "image-damaged"),
		bad("png with a wrong checksum", png.with(29, png[29]! ^ 255), null),
		bad("png without pixels", pngOf(64, 64).subarray(0, 33), "image-damaged"),
		bad("gif of 10,000 frames", framesOf(gif, 10_000), null),
		bad("gif of 10,000 frames cut short", framesOf(gif, 10_000).subarray(0, -3000), null),
		bad("text bomb", pngOf(64, 64, [textBomb()]), null),
		bad("profile bomb", pngOf(64, 64, [profileBomb()]), null),
		bad("jpeg with a script behind it", Buffer.concat([jpeg, text("<script>alert(1)</script>")]), null),
		bad("gif that is a script", Buffer.concat([text("GIF89a/*"), gif.subarray(8)]), null),
		bad(
			"jpeg full of noise",
			jpeg.map((byte, at) => (at > 300 && at % 7 === 0 ? byte ^ 90 : byte)),
			null,
		),
		bad("too many bytes", Buffer.concat([jpeg, Buffer.alloc(32 * 2 ** 20)]), "image-too-large"),
	];
	return [...cut, ...bombs, ...foreign, ...broken];
}

/** A GIF whose only frame stands in it many times. */
function framesOf(gif: Buffer, count: number): Buffer {
	const frame = gif.indexOf(Buffer.from("2c00000000", "hex"));
	const body = gif.subarray(frame, -1);
	return Buffer.concat([gif.subarray(0, frame), ...Array.from({ length: count }, () => body), gif.subarray(-1)]);
}

function textBomb(): Buffer {
	return chunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(Buffer.alloc(50_000_000))]));
}

function profileBomb(): Buffer {
	return chunk("iCCP", Buffer.concat([Buffer.from("icc\0\0"), deflateSync(Buffer.alloc(50_000_000))]));
}

/** A JPEG whose frame header claims another size. */
function jpegOf(jpeg: Buffer, side: number): Buffer {
	const at = jpeg.indexOf(Buffer.from("ffc0", "hex"));
	const copy = Buffer.from(jpeg);
	copy.writeUInt16BE(side, at + 5);
	copy.writeUInt16BE(side, at + 7);
	return copy;
}

/** A GIF whose screen and frame claim another size. */
function gifOf(gif: Buffer, side: number): Buffer {
	const copy = Buffer.from(gif);
	copy.writeUInt16LE(side, 6);
	copy.writeUInt16LE(side, 8);
	const frame = copy.indexOf(Buffer.from("2c00000000", "hex"));
	copy.writeUInt16LE(side, frame + 5);
	copy.writeUInt16LE(side, frame + 7);
	return copy;
}
