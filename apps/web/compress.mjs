/**
 * The last step of a build: every text of the export once more as Brotli and as gzip beside it, for the server to send,
 * and when all of it was done, for pages that wait for it in development.
 * JavaScript, because it runs under whichever Node started the build.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const folder = join(import.meta.dirname, "out");
const isText = /[.](html|js|css|svg|json|txt)$/;
const brotli = { params: { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } };

const files = await readdir(folder, { recursive: true });
await Promise.all(
	// All of them, however small: a form that an earlier build has left would otherwise stand in for a new text.
	files
		.filter((name) => isText.test(name))
		.map(async (name) => {
			const path = join(folder, name);
			const content = await readFile(path);
			await writeFile(`${path}.br`, await promisify(brotliCompress)(content, brotli));
			await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
		}),
);

await writeFile(join(folder, "build.txt"), new Date().toISOString());
