/** Archives and paths as strangers make them: nothing is read or written outside the set, and the plain files are kept. */

import { mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { addFiles, carryOut, folderOf, jpeg } from "../dataset.fixture.ts";
import { openSource } from "./source-folder.ts";
import { paxOf, type TarPart, tarOf } from "./tar.fixture.ts";
import { readTar } from "./tar.ts";

async function entriesOf(archive: Uint8Array) {
	const path = await folderOf({ "a.tar": archive });
	const files: string[] = [];
	const faults: string[] = [];
	for await (const { name, content, row } of readTar(join(path, "a.tar"), "a.tar"))
		if (content instanceof Error) faults.push(`${row} ${content.reason}`);
		else files.push(`${name}=${content}`);
	return { files, faults };
}

const before: TarPart = { name: "first.txt", content: "one" };
const after: TarPart = { name: "last.txt", content: "two" };
const both = ["first.txt=one", "last.txt=two"];

describe("a tar entry", () => {
	it.each<[string, readonly TarPart[], string]>([
		["that climbs", [{ name: "../escape.txt", content: "x" }], "path"],
		["that climbs in the middle", [{ name: "a/../../escape.txt", content: "x" }], "path"],
		["that climbs at the end", [{ name: "a/..", content: "x" }], "path"],
		["with an absolute path", [{ name: "/etc/passwd", content: "x" }], "path"],
		["with two slashes", [{ name: "//etc/passwd", content: "x" }], "path"],
		["with a slash twice", [{ name: "a//b.txt", content: "x" }], "path"],
		["with a backslash", [{ name: "..\\escape.txt", content: "x" }], "path"],
		["with a drive", [{ name: "C:/escape.txt", content: "x" }], "path"],
		["with a drive-relative name", [{ name: "C:escape.txt", content: "x" }], "path"],
		["with a stream name", [{ name: "a.txt:stream", content: "x" }], "path"],
		["with a control character", [{ name: "a\u0001.txt", content: "x" }], "path"],
		["with a line end", [{ name: "a\nb.txt", content: "x" }], "path"],
		["with no name", [{ name: "", content: "x" }], "path"],
		["called dot", [{ name: ".", content: "x" }], "path"],
		["that climbs by its prefix", [{ name: "escape.txt", prefix: "..", content: "x" }], "path"],
		["that climbs by its pax path", [paxOf("path", "../escape.txt"), { name: "ok.txt", content: "x" }], "path"],
		[
			"that climbs by its GNU name",
			[
				{ name: "L", kind: "L", content: "../e.txt\0" },
				{ name: "ok", content: "x" },
			],
			"path",
		],
		["that is a symbolic link", [{ name: "link", kind: "2", link: "/etc" }], "archive-entry"],
		["that is a relative link", [{ name: "link", kind: "2", link: "../.." }], "archive-entry"],
		["that is a hard link", [{ name: "link", kind: "1", link: "/etc/passwd" }], "archive-entry"],
		["that is a hard link to what came before", [{ name: "link", kind: "1", link: "first.txt" }], "archive-entry"],
		["that is a link to a drive", [{ name: "link", kind: "2", link: "C:..\\.." }], "archive-entry"],
		["that is a character device", [{ name: "null", kind: "3" }], "archive-entry"],
		["that is a block device", [{ name: "disk", kind: "4" }], "archive-entry"],
		["that is a pipe", [{ name: "pipe", kind: "6" }], "archive-entry"],
		["of an unknown kind", [{ name: "odd", kind: "Z" }], "archive-entry"],
		["that is sparse", [{ name: "sparse", kind: "S" }], "archive-entry"],
		["that is too large", [{ name: "big", content: Buffer.alloc(33 * 2 ** 20) }], "image-too-large"],
	])("%s is told of, and its neighbours are read", async (_, parts, reason) => {
		const { files, faults } = await entriesOf(tarOf([before, ...parts, after]));
		expect(files).toEqual(both);
		expect(faults).toEqual([`2 ${reason}`]);
	});

	it("behind a link that claims to have content is still seen", async () => {
		const link: TarPart = { name: "link", kind: "2", link: "/etc", size: "00000000010\0" };
		const { files, faults } = await entriesOf(tarOf([before, link, after]));
		expect({ files, faults }).toEqual({ files: both, faults: ["2 archive-entry"] });
	});

	it.each<[string, readonly TarPart[], readonly string[]]>([
		[
			"in folders",
			[
				{ name: "a", kind: "5" },
				{ name: "a/b.txt", content: "x" },
			],
			["a/b.txt=x"],
		],
		["with its set-user bit", [{ name: "a.txt", content: "x" }], ["a.txt=x"]],
		["of no content", [{ name: "a.txt" }], ["a.txt="]],
		[
			"with a long pax name",
			[paxOf("path", `${"d/".repeat(90)}a.txt`), { name: "x", content: "x" }],
			[`${"d/".repeat(90)}a.txt=x`],
		],
		["with a prefix", [{ name: "a.txt", prefix: "folder", content: "x" }], ["folder/a.txt=x"]],
		[
			"twice, in other cases",
			[
				{ name: "A.txt", content: "x" },
				{ name: "a.txt", content: "y" },
			],
			["A.txt=x", "a.txt=y"],
		],
	])("%s is read", async (_, parts, files) => {
		expect(await entriesOf(tarOf(parts))).toEqual({ files, faults: [] });
	});
});

describe("a tar archive", () => {
	it.each<[string, Uint8Array]>([
		["that breaks off in a file", tarOf([before, after], { ended: false }).subarray(0, 1024 + 512 + 1)],
		["that breaks off in a header", tarOf([before, after], { ended: false }).subarray(0, 1024 + 100)],
		["with a wrong checksum", tarOf([before, { ...after, breakChecksum: true }])],
		["that claims more than there is", tarOf([before, { ...after, size: "00000077777\0" }])],
		["that claims a negative length", tarOf([before, { ...after, size: "-0000000001\0" }])],
		["that claims a length that is no number", tarOf([before, { ...after, size: "lots\0" }])],
		["that claims 2^63 bytes", tarOf([before, { ...after, size: "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff" }])],
		["with an endless pax name", tarOf([{ name: "x", kind: "x", content: Buffer.alloc(2 ** 20 + 1) }, after])],
		["with a pax length that is none", tarOf([paxOf("size", "-5"), after])],
		["that is compressed", gzipSync(tarOf([before]))],
		["that is a zip file", Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(600, 1)])],
		["that is text", Buffer.alloc(2000, "text")],
	])("%s is refused by name", async (_, archive) => {
		await expect(entriesOf(archive)).rejects.toMatchObject({
			code: "invalid-data",
			message: expect.stringContaining("a.tar"),
		});
	});

	it("of hostile entries writes nothing but the version", async () => {
		const parent = await mkdtemp(join(tmpdir(), "mithridate-parent-"));
		try {
			const image = await jpeg(1);
			const parts = ["../up.jpg", "/tmp/abs.jpg", "a/../../b.jpg", "ok.jpg"].map((name) => ({ name, content: image }));
			const links = [
				{ name: "l", kind: "2", link: ".." },
				{ name: "l/in.jpg", content: image },
				{ name: "l/in.txt", content: "in" },
			];
			await addFiles(parent, { "in/a.tar": tarOf([...parts, { name: "ok.txt", content: "ok" }, ...links]) });
			const params = { testShare: 0, trustedShare: 0 };
			const { version, faults } = await carryOut({
				kind: "webDataset",
				path: join(parent, "in"),
				folder: join(parent, "out"),
				params,
			});
			expect(faults).toEqual(["path a.tar:1", "path a.tar:2", "path a.tar:3", "archive-entry a.tar:6"]);
			expect(version.samples.train).toBe(2);
			expect((await readdir(parent)).sort()).toEqual(["in", "out"]);
			expect(await readdir(join(parent, "out"))).toEqual([version.hash]);
		} finally {
			await rm(parent, { recursive: true });
		}
	});
});

describe("an image name", () => {
	const climbs = [
		"../secret.jpg",
		"a/../../secret.jpg",
		"./../secret.jpg",
		"..\\secret.jpg",
		"....//secret.jpg",
		"a/..",
		"..",
		".",
	];
	const absolute = [
		"/etc/passwd",
		"//etc/passwd",
		"\\\\host\\share",
		"C:\\x.jpg",
		"c:x.jpg",
		"file:///etc/passwd",
		"/proc/self/environ",
		"/dev/zero",
	];
	const odd = [
		"",
		" \0",
		"a\0.jpg",
		"a.jpg\0../x",
		"a\n.jpg",
		"a\u0000",
		"x".repeat(1025),
		"a//b.jpg",
		"a/./b.jpg",
		"a/",
		"/",
		"~root:/x",
	];
	const encoded = climbs.flatMap((name) => [encodeURIComponent(name), encodeURIComponent(encodeURIComponent(name))]);
	const nested = ["link/secret.jpg", "inner/link/secret.jpg", "linked.jpg", "inner", "pipe"];
	const prefixes = ["", "a/", "inner/", "inner/a/", "./"];
	const names = [
		...prefixes.flatMap((prefix) => [...climbs, ...absolute, ...odd].map((name) => prefix + name)),
		...encoded,
		...nested,
	];

	it("never leads out of the set's folder", async () => {
		const outside = await folderOf({ "secret.jpg": "secret" });
		const root = await folderOf({ "inner/a/b.jpg": "inside", "a/c.jpg": "inside" });
		await symlink(outside, join(root, "link"));
		await symlink(outside, join(root, "inner/link"));
		await symlink(join(outside, "secret.jpg"), join(root, "linked.jpg"));
		const source = await openSource(root);
		expect(names.length).toBeGreaterThanOrEqual(150);
		const read: string[] = [];
		for (const name of names)
			for (const ask of [source.image(name).load, source.image(name).length, () => source.file(name)])
				await Promise.resolve(ask()).then(
					() => read.push(name),
					(error: Error) =>
						expect([name, ["SourceFault", "MithridateError"].includes(error.name)]).toEqual([name, true]),
				);
		expect(read).toEqual([]);
		expect(String(await source.image("inner/a/b.jpg").load())).toBe("inside");
	});

	it("is safe against a folder that is swapped for a link while files are read", async () => {
		const outside = await folderOf({ "x.jpg": "secret" });
		const root = await folderOf({ "real/x.jpg": "inside", "spare/unused": "" });
		const source = await openSource(root);
		let swapping = true;
		const swap = (async () => {
			while (swapping) {
				await rename(join(root, "real"), join(root, "kept"));
				await symlink(outside, join(root, "real"));
				await rm(join(root, "real"));
				await rename(join(root, "kept"), join(root, "real"));
				await new Promise((done) => setTimeout(done, 1));
			}
		})();
		const seen = new Set<string>();
		for (let at = 0; at < 1500; at++)
			await source
				.image("real/x.jpg")
				.load()
				.then(
					(bytes) => seen.add(String(bytes)),
					(error: Error) => seen.add(error.name),
				);
		swapping = false;
		await swap;
		expect(seen).toContain("inside");
		expect(seen).not.toContain("secret");
	});
});
