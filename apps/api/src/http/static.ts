/** The dashboard's files, as its build exported them, with a policy that runs no script but its own. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import express, { type RequestHandler, Router } from "express";
import { chooseForm, isCompressed } from "./compressed.ts";
import { withReload } from "./reload.ts";

/** A name for a content. */
const tagOf = (content: Buffer) => `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;

/** What stands in a page itself: scripts without an address, style sheets, and style attributes. */
const inline = {
	script: /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g,
	style: /<style[^>]*>([\s\S]*?)<\/style>/g,
	attribute: /<[^>]*\sstyle="([^"]*)"/g,
};

/** Hashes of the inline parts of a page, as a policy names them. */
function hashesOf(html: string, form: RegExp): string {
	const hashes = [...html.matchAll(form)].map(
		([, text]) => `'sha256-${createHash("sha256").update(text!).digest("base64")}'`,
	);
	return [...new Set(hashes)].join(" ");
}

/** The policy of a page: nothing from elsewhere, and of what stands in the page only what its build put there. */
function pagePolicy(html: string): string {
	const attributes = hashesOf(html, inline.attribute);
	return [
		"default-src 'self'",
		`script-src 'self' ${hashesOf(html, inline.script)}`.trim(),
		`style-src 'self' ${hashesOf(html, inline.style)}${attributes && ` 'unsafe-hashes' ${attributes}`}`.trim(),
		"img-src 'self' data: blob:",
		"font-src 'self' data:",
		"connect-src 'self'",
		"worker-src 'self' blob:",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	].join("; ");
}

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mithridate</title>
<h1>The dashboard is not built</h1>
<p>The API runs at <code>/graphql</code>. To build the dashboard: <code>npm run build</code>, then load this page again.</p>
</html>
`;

/** The file of a page's address in a static export, below `folder`; undefined for anything else. */
function pageOf(folder: string, path: string): string | undefined {
	// Names of the export's own making: anything with a dot segment, an escape or an odd letter is none.
	if (!/^(?:\/[A-Za-z0-9_-]+)*\/?$/.test(path)) return undefined;
	const name = path.replace(/\/$/, "");
	const found = [`${name}.html`, `${name}/index.html`].find((file) => existsSync(join(folder, file)));
	return found === undefined ? undefined : join(folder, found);
}

/** Whether a file is there and lies in the folder itself: a link may lead anywhere. */
async function isWithin(folder: string, file: string): Promise<boolean> {
	try {
		const real = await realpath(file);
		return real.startsWith((await realpath(folder)) + sep) && (await stat(real)).isFile();
	} catch {
		return false;
	}
}

/** The place below `folder` that an address names; undefined where it names none, or what is nobody's to ask for. */
function placeOf(folder: string, path: string): string | undefined {
	try {
		const name = decodeURIComponent(path);
		return /[/\\][.]/.test(name) || isCompressed(name) ? undefined : join(folder, name);
	} catch {
		return undefined;
	}
}

/** The build puts a hash of the content into the names below `_next/static`. */
const isHashed = (path: string) => path.includes(`${sep}_next${sep}static${sep}`);

/** Serves the export in `folder`; in development with pages that load themselves anew after a build. */
export function dashboard(folder: string, { isDevelopment = false } = {}): Router {
	const routes = Router();
	const isSafe = (file: string) => isWithin(folder, file);
	const files = express.static(folder, {
		index: false,
		redirect: false,
		dotfiles: "ignore",
		setHeaders(response, path) {
			response.setHeader("cache-control", isHashed(path) ? "public, max-age=31536000, immutable" : "no-cache");
		},
	});
	/** Sends a file of the export, compressed where that may be, under its own type. */
	const send = async (file: string, ...[request, response, next]: Parameters<RequestHandler>) => {
		const form = await chooseForm({ file, isSafe }, request, response);
		if (form !== "") response.type(extname(file));
		// Builds of the same size at the same time are two all the same: their content tells.
		if (!isHashed(file)) response.setHeader("etag", tagOf(await readFile(file + form)));
		request.url = encodeURI(`/${relative(folder, file).split(sep).join("/")}${form}`);
		files(request, response, (error) => {
			for (const name of ["content-encoding", "content-type", "etag"]) response.removeHeader(name);
			next(error);
		});
	};
	const sendPage = async (file: string, ...handling: Parameters<RequestHandler>) => {
		const html = await readFile(file, "utf8");
		const [, response] = handling;
		response.setHeader("content-security-policy", pagePolicy(html));
		if (isDevelopment) response.setHeader("cache-control", "no-store").type("html").send(withReload(html));
		else await send(file, ...handling);
	};

	routes.get("/{*path}", async (request, response, next) => {
		if (!existsSync(join(folder, "index.html"))) {
			if (request.path !== "/") return next();
			response.setHeader("content-security-policy", pagePolicy(notBuilt));
			response.status(503).setHeader("cache-control", "no-store").type("html").send(notBuilt);
			return;
		}
		const page = pageOf(folder, request.path);
		if (page === undefined || !(await isSafe(page))) return next();
		await sendPage(page, request, response, next);
	});

	routes.get("/{*path}", async (request, response, next) => {
		const place = placeOf(folder, request.path);
		if (place === undefined || !(await isSafe(place))) return next();
		await send(place, request, response, next);
	});

	routes.get("/{*path}", async (request, response, next) => {
		const missing = join(folder, "404.html");
		if (!request.accepts("html") || !(await isSafe(missing))) return next();
		response.status(404);
		await sendPage(missing, request, response, next);
	});
	return routes;
}
