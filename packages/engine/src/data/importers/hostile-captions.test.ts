/** Caption files as strangers write them: every fault is told by file and row, and the good rows around it are kept. */
import { describe, expect, it } from "vitest";
import { Random } from "../../random.ts";
import { folderOf } from "../dataset.fixture.ts";
import { captionFile } from "./caption-file.ts";
import { checkRow } from "./check-row.ts";
import type { BadRow, ImportedRow } from "./importer.ts";

const utf8 = (text: string) => Buffer.from(text);
const join = (...parts: readonly (string | Uint8Array)[]) =>
	Buffer.concat(parts.map((part) => (typeof part === "string" ? utf8(part) : part)));

/** What is read of one caption file; images are not looked at. */
async function read(file: string, content: Uint8Array | string, params: object = {}) {
	const path = await folderOf({ [file]: content });
	const shares = { testShare: 0, trustedShare: 0 };
	const items = captionFile.read(path, captionFile.params.parse({ captions: file, ...shares, ...params }), {
		random: new Random(1),
	});
	const rows: ImportedRow[] = [];
	const bad: BadRow[] = [];
	const ids = new Set<string>();
	for await (const item of items) {
		if (item.type === "total") continue;
		const checked = checkRow(item, ids);
		if (checked.type === "row") rows.push(checked);
		else bad.push(checked);
	}
	return {
		rows: rows.map(({ id, captions }) => `${id}: ${captions.join(" / ")}`),
		bad: bad.map(({ row, reason, file: where, column }) => `${where}:${row} ${reason}${column ? ` (${column})` : ""}`),
	};
}

const head = "image,caption\n";
const good = "0.jpg,first\n";
const last = "9.jpg,last\n";
const kept = ["0.jpg: first", "9.jpg: last"];

/** Row 3 is the bad one: what stands in it, and why it is left out. */
const csvFaults: readonly [name: string, row: string | Uint8Array, reason: string][] = [
	["bad UTF-8", join("1.jpg,", Buffer.from("ff", "hex"), "\n"), "encoding"],
	["UTF-8 cut in the middle", join("1.jpg,caf", Buffer.from("c3", "hex"), "\n"), "encoding"],
	["overlong UTF-8", join("1.jpg,", Buffer.from("c0af", "hex"), "\n"), "encoding"],
	["half a surrogate as UTF-8", join("1.jpg,", Buffer.from("eda080", "hex"), "\n"), "encoding"],
	["Latin-1", join("1.jpg,caf", Buffer.from("e9", "hex"), " au lait\n"), "encoding"],
	["NUL", "1.jpg,a\0b\n", "text (caption)"],
	["an escape character", "1.jpg,\u001b[31mred\n", "text (caption)"],
	["a bell", "1.jpg,\u0007\n", "text (caption)"],
	["a delete character", "1.jpg,a\u007f\n", "text (caption)"],
	["NUL in the name", "1\0.jpg,a\n", "text (id)"],
	["too few columns", "1.jpg\n", "columns"],
	["too many columns", "1.jpg,a,b\n", "columns"],
	["a thousand columns", `1.jpg${",a".repeat(1000)}\n`, "columns"],
	["an open quote", '1.jpg,"never closed\n', "open-quote"],
	["a quote in the middle of a cell", '1.jpg,"a"b\n', "quotes"],
	["no caption", "1.jpg,\n", "caption-missing (caption)"],
	["a caption of spaces", "1.jpg,   \n", "caption-missing (caption)"],
	["no name", ",a caption\n", "id (id)"],
	["a name that came before", "0.jpg,again\n2.jpg,between\n0.jpg,and again\n", "duplicate-id (id)"],
	["a caption beyond the limit", `1.jpg,${"a".repeat(10_001)}\n`, "caption-too-long (caption)"],
	["a line of two megabytes", `1.jpg,${"a".repeat(2_000_000)}\n`, "record-too-long"],
	["a name beyond the limit", `${"n".repeat(600)}.jpg,a\n`, "id (id)"],
];

describe("a CSV file", () => {
	it.each(csvFaults)("with %s loses that row alone", async (_, row, reason) => {
		const { rows, bad } = await read("captions.csv", join(head, good, row, last));
		expect(rows).toEqual(expect.arrayContaining(["9.jpg: last"]));
		expect(rows[0]).toMatch(/^0\.jpg: first/);
		expect(bad).toHaveLength(1);
		expect(bad[0]).toMatch(new RegExp(`^captions\\.csv:\\d+ ${reason.replace(/[()]/g, "\\$&")}$`));
		if (!reason.startsWith("duplicate")) expect(bad[0]).toContain(":3 ");
	});

	it.each<[string, string | Uint8Array, readonly string[]]>([
		["lines ended by CRLF", "image,caption\r\n0.jpg,first\r\n9.jpg,last\r\n", kept],
		["mixed line ends", "image,caption\n0.jpg,first\r\n9.jpg,last", kept],
		["a byte order mark", `\ufeff${head}${good}${last}`, kept],
		["empty lines", `${head}\n${good}\n\n${last}\n`, kept],
		["no newline at the end", `${head}${good}9.jpg,last`, kept],
		["quoted cells", `${head}"0.jpg","fi""rst, quoted"\n${last}`, ['0.jpg: fi"rst, quoted', kept[1]!]],
		["a caption over two lines", `${head}0.jpg,"first\nand more"\n${last}`, ["0.jpg: first\nand more", kept[1]!]],
		["names of prototypes", `${head}__proto__,one\nconstructor,two\n`, ["__proto__: one", "constructor: two"]],
		["a header of prototypes", "image,caption,__proto__\n0.jpg,first,x\n9.jpg,last,y\n", kept],
		["formula cells", `${head}0.jpg,=1+1\n9.jpg,@SUM(A1)\n`, ["0.jpg: =1+1", "9.jpg: @SUM(A1)"]],
		["text from right to left", `${head}0.jpg,\u202eabc\n${last}`, ["0.jpg: \u202eabc", kept[1]!]],
		["zero-width text", `${head}0.jpg,a\u200bb\n${last}`, ["0.jpg: a\u200bb", kept[1]!]],
		["emoji", `${head}0.jpg,a 🐑\n${last}`, ["0.jpg: a 🐑", kept[1]!]],
		["a line separator in a caption", `${head}0.jpg,a\u2028b\n${last}`, ["0.jpg: a\u2028b", kept[1]!]],
		["several captions of an image", `${head}${good}0.jpg,second\n${last}`, ["0.jpg: first / second", kept[1]!]],
		["other columns around", "id,caption,image\n1,first,0.jpg\n2,last,9.jpg\n", kept],
		["another name for its columns", "file_name,text\n0.jpg,first\n9.jpg,last\n", kept],
	])("with %s is read whole", async (_, content, rows) => {
		expect(await read("captions.csv", content)).toEqual({ rows, bad: [] });
	});

	it.each<[string, string | Uint8Array, RegExp]>([
		["nothing", "", /captions\.csv \(row 1\).*empty/],
		["no header", "0.jpg,first\n1.jpg,second\n", /captions\.csv \(row 1\).*image/],
		["a header without captions", "image,words\n0.jpg,first\n", /captions\.csv \(row 1\).*caption.*image, words/],
		["a column twice", "image,caption,image\n0.jpg,first,1.jpg\n", /image is there twice/],
		["UTF-16 with its mark", join(Buffer.from("fffe", "hex"), Buffer.from(head, "utf16le")), /UTF-16/],
		["UTF-16 without", Buffer.from(head, "utf16le"), /UTF-16/],
		["UTF-16, big end first", join(Buffer.from("feff", "hex"), Buffer.from(head, "utf16le").swap16()), /UTF-16/],
		["a header of bad UTF-8", join("image,caption", Buffer.from("ff", "hex"), "\n"), /captions\.csv \(row 1\).*UTF-8/],
		["one line of carriage returns", "image,caption\r0.jpg,first\r", /captions\.csv \(row 1\)/],
		["semicolons", "image;caption\n0.jpg;first\n", /there are: image;caption/],
		["an endless first line", "a".repeat(2_000_000), /captions\.csv \(row 1\).*longer/],
	])("of %s is refused by file and row", async (_, content, message) => {
		await expect(read("captions.csv", content)).rejects.toMatchObject({
			code: "invalid-data",
			message: expect.stringMatching(message),
		});
	});

	it("of many millions of bytes without a line end takes no memory to speak of", async () => {
		const before = process.memoryUsage().rss;
		const { bad, rows } = await read("captions.csv", join(head, good, Buffer.alloc(100_000_000, 97), "\n", last));
		expect({ bad, rows }).toEqual({ bad: ["captions.csv:3 record-too-long"], rows: kept });
		// The file itself was made here: 100 MB, twice while it was joined.
		expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
	});

	it("that opens a quote reads on behind it, however long it stays open", async () => {
		const lines = Array.from({ length: 300 }, (_, at) => `${at + 10}.jpg,caption ${at}\n`).join("");
		const { rows, bad } = await read("captions.csv", `${head}${good}1.jpg,"open\n${lines}`);
		expect(bad).toEqual(["captions.csv:3 open-quote"]);
		expect(rows).toHaveLength(301);
	});
});

describe("a TSV file", () => {
	it("takes quotes as they are", async () => {
		const { rows, bad } = await read("captions.tsv", 'image\tcaption\n0.jpg\ta 5" nail\n9.jpg\t"quoted"\n');
		expect({ rows, bad }).toEqual({ rows: ['0.jpg: a 5" nail', '9.jpg: "quoted"'], bad: [] });
	});
});

describe("a JSON lines file", () => {
	it.each<[string, string | Uint8Array, string]>([
		["no JSON", "{image: 1}", "json"],
		["half a line", '{"image": "1.jpg", "caption": "a', "json"],
		["a list", '["1.jpg", "a"]', "json"],
		["null", "null", "json"],
		["a number", "17", "json"],
		["no image", '{"caption": "a"}', "field"],
		["an image that is a list", '{"image": ["1.jpg"], "caption": "a"}', "field"],
		["a caption that is an object", '{"image": "1.jpg", "caption": {"a": 1}}', "field"],
		["a caption list with a number", '{"image": "1.jpg", "caption": ["a", 1]}', "field"],
		["an empty caption list", '{"image": "1.jpg", "caption": []}', "caption-missing (caption)"],
		["an image only in the prototype", '{"__proto__": {"image": "1.jpg"}, "caption": "a"}', "field"],
		["half a surrogate", '{"image": "1.jpg", "caption": "\\ud800"}', "text (caption)"],
		["an unknown split", '{"image": "1.jpg", "caption": "a", "split": "best"}', "split (split)"],
		["a label that is too long", `{"image": "1.jpg", "caption": "a", "label": "${"l".repeat(300)}"}`, "label (label)"],
		["a label that is true", '{"image": "1.jpg", "caption": "a", "label": true}', "field"],
		["bad UTF-8", join('{"image": "1.jpg", "caption": "', Buffer.from("ff", "hex"), '"}'), "encoding"],
		["a depth of 100,000", "[".repeat(100_000), "json"],
		["a line that is too long", `{"image": "1.jpg", "caption": "${"a".repeat(2_000_000)}"}`, "record-too-long"],
	])("with %s loses that row alone", async (_, line, reason) => {
		const first = '{"image": "0.jpg", "caption": "first"}\n';
		const end = '\n{"image": "9.jpg", "text": ["last"], "label": 3}\n';
		const { rows, bad } = await read("captions.jsonl", join(first, line, end));
		expect(rows).toEqual(kept);
		expect(bad).toEqual([`captions.jsonl:2 ${reason}`]);
	});
});
