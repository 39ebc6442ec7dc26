/** Records held in a file while the database is away: each one framed with its length and checksum. */
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";

/** Length and CRC-32 of what follows, both 32 bits, little-endian. */
const FRAME_BYTES = 8;
/** A power cut costs at most this much. */
const SYNC_MILLISECONDS = 1000;

export interface Spool {
	/** Bytes held. */
	readonly size: number;
	/** Adds a record; false where it would pass the bound. */
	append(record: unknown): Promise<boolean>;
	/** Hands out what is held, oldest first, and then forgets it. Goes on behind the last record that was used. */
	replay(use: (record: unknown) => Promise<void>): Promise<void>;
	/** Keeps the file under another name for a person to look at; null when there was nothing in it. */
	setAside(): Promise<string | null>;
}

/** A spool whose file is made at the first record. */
export function createSpool(path: string, limitBytes: number): Spool {
	let file: FileHandle | null = null;
	let size = 0;
	let used = 0;
	let sync: NodeJS.Timeout | undefined;

	const syncSoon = () => {
		sync ??= setTimeout(() => {
			sync = undefined;
			// Closed meanwhile: then it was either replayed or synced there.
			file?.datasync().catch(() => {});
		}, SYNC_MILLISECONDS);
	};
	const close = async () => {
		clearTimeout(sync);
		sync = undefined;
		await file?.datasync();
		await file?.close();
		file = null;
	};

	return {
		get size() {
			return size;
		},
		async append(record) {
			const frame = frameOf(record);
			if (size + frame.length > limitBytes) return false;
			file ??= await open(path, "a", 0o600);
			await file.appendFile(frame);
			size += frame.length;
			syncSoon();
			return true;
		},
		async replay(use) {
			await close();
			for (const record of size === 0 ? [] : readFrames(await readFile(path)).slice(used)) {
				await use(record);
				used++;
			}
			await rm(path, { force: true });
			[size, used] = [0, 0];
		},
		async setAside() {
			await close();
			if (size === 0) return null;
			const aside = `${path}.aside`;
			await rename(path, aside);
			size = 0;
			return aside;
		},
	};
}

/** One record as it lies in the file. */
function frameOf(record: unknown): Buffer {
	const body = serialize(record);
	const head = Buffer.alloc(FRAME_BYTES);
	head.writeUInt32LE(body.length, 0);
	head.writeUInt32LE(crc32(body), 4);
	return Buffer.concat([head, body]);
}

/** The records of a spool file up to the first that is torn or damaged: what follows cannot be told from noise. */
export function readFrames(bytes: Buffer): unknown[] {
	const records: unknown[] = [];
	for (let at = 0; at + FRAME_BYTES <= bytes.length; ) {
		const body = bytes.subarray(at + FRAME_BYTES, at + FRAME_BYTES + bytes.readUInt32LE(at));
		if (body.length !== bytes.readUInt32LE(at) || crc32(body) !== bytes.readUInt32LE(at + 4)) break;
		records.push(deserialize(body));
		at += FRAME_BYTES + body.length;
	}
	return records;
}
