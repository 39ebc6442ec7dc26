/** Messages between importer and decoder over a pipe: two lengths, a header as JSON, then raw bytes. */
import type { Readable, Writable } from "node:stream";

export interface Frame {
	readonly header: unknown;
	readonly payload: Uint8Array;
}

/** Lengths of header and payload as two unsigned 32-bit little-endian numbers. */
const prefixBytes = 8;

/** Sends one frame. */
export function writeFrame(to: Writable, header: unknown, payload: Uint8Array): void {
	const text = Buffer.from(JSON.stringify(header));
	const prefix = Buffer.alloc(prefixBytes);
	prefix.writeUInt32LE(text.length, 0);
	prefix.writeUInt32LE(payload.length, 4);
	to.cork();
	to.write(prefix);
	to.write(text);
	to.write(payload);
	to.uncork();
}

/** The frames of a stream until it ends; half a frame at the end is dropped. */
export async function* readFrames(from: Readable): AsyncGenerator<Frame, void> {
	let parts: Buffer[] = [];
	let held = 0;
	let needed = prefixBytes;
	for await (const chunk of from as AsyncIterable<Buffer>) {
		parts.push(chunk);
		held += chunk.length;
		if (held < needed) continue;
		let buffer = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
		for (;;) {
			needed = prefixBytes;
			if (buffer.length < needed) break;
			const header = prefixBytes + buffer.readUInt32LE(0);
			needed = header + buffer.readUInt32LE(4);
			if (buffer.length < needed) break;
			yield {
				header: JSON.parse(buffer.toString("utf8", prefixBytes, header)),
				payload: buffer.subarray(header, needed),
			};
			buffer = buffer.subarray(needed);
		}
		parts = [buffer];
		held = buffer.length;
	}
}
