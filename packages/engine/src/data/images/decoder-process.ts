/** The decoder process: takes encoded images on standard input, gives pixels on standard output, one at a time. */
import { decodeImage, ImageSettings, lockDecoder } from "./decode.ts";
import { readFrames, writeFrame } from "./frames.ts";
import { mostResidentBytes, outOfMemoryStatus } from "./limits.ts";

const settings = ImageSettings.parse(JSON.parse(process.argv[2] ?? "{}"));
const none = new Uint8Array();

lockDecoder();
// Decoding runs on threads of its own, so that this timer fires while it works.
setInterval(() => {
	if (process.memoryUsage.rss() > mostResidentBytes) process.exit(outOfMemoryStatus);
}, 5).unref();

writeFrame(process.stdout, { ready: true }, none);
for await (const { payload } of readFrames(process.stdin)) {
	const decoded = await decodeImage(payload, settings);
	if ("fault" in decoded) writeFrame(process.stdout, decoded, none);
	else writeFrame(process.stdout, { look: decoded.look }, decoded.pixels);
}
