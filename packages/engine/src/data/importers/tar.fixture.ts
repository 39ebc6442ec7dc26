/** Writes tar archives byte by byte, the hostile ones too. */

export interface TarPart {
	readonly name: string;
	readonly content?: string | Uint8Array;
	/** One character; "0" is a plain file. */
	readonly kind?: string;
	readonly link?: string;
	/** A length that is not the content's. */
	readonly size?: string;
	readonly prefix?: string;
	readonly breakChecksum?: boolean;
}

/** The archive's bytes, with the two empty blocks at its end unless it is to break off. */
export function tarOf(parts: readonly TarPart[], { ended = true }: { ended?: boolean } = {}): Buffer {
	const blocks = parts.flatMap((part) => {
		const content = Buffer.from(part.content ?? "");
		const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
		return [headerOf(part, content.length), content, padding];
	});
	return Buffer.concat([...blocks, Buffer.alloc(ended ? 1024 : 0)]);
}

function headerOf(part: TarPart, length: number): Buffer {
	const { name, kind = "0", link = "", size, prefix = "", breakChecksum = false } = part;
	const header = Buffer.alloc(512);
	header.write(name, 0, 100);
	header.write("0004755\0", 100);
	header.write(size ?? `${length.toString(8).padStart(11, "0")}\0`, 124, "latin1");
	header.write(kind, 156, "latin1");
	header.write(link, 157, 100);
	header.write("ustar\x0000", 257, "latin1");
	header.write(prefix, 345, 155);
	header.fill(" ", 148, 156);
	const sum = header.reduce((total, byte) => total + byte, breakChecksum ? 1 : 0);
	header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
	return header;
}

/** The record that gives the next entry another field, as pax does. */
export function paxOf(field: string, value: string): TarPart {
	let length = 0;
	let record = "";
	while (record.length !== length || length === 0) {
		length = record.length || field.length + value.length + 4;
		record = `${length} ${field}=${value}\n`;
		if (record.length === length) break;
	}
	return { name: "PaxHeaders/next", kind: "x", content: record };
}
