/** An invented API for looking at pages: `node mock/server.ts [port]` serves it and the built dashboard at one address. */
import { createReadStream, existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { text } from "node:stream/consumers";
import { graphql } from "graphql";
import { useServer as serveSocket } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { resolvers } from "./resolvers.ts";
import { readSchema } from "./schema.ts";

const schema = readSchema();
const out = join(import.meta.dirname, "../out");
const types: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript",
	".css": "text/css",
	".svg": "image/svg+xml",
	".txt": "text/plain",
	".woff2": "font/woff2",
};

/** A stand-in for a scene: the class as a shape in a colour of its own. */
function picture(name: string): string {
	const [kind = 0, row = 0] = name.split(/[-.]/).map(Number);
	const hue = (kind * 137) % 360;
	const at = (row * 53) % 20;
	const shape = kind % 2 === 0 ? `<path d="M32 12 52 50H12z"/>` : `<circle cx="32" cy="34" r="18"/>`;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M0 0h64v64H0z" fill="hsl(${(hue + 90 + row * 11) % 360} 30% 82%)"/><path d="M0 ${40 + at / 2}h64v24H0z" fill="hsl(${(hue + 160) % 360} 22% 64%)"/><g fill="hsl(${hue} 62% 42%)" transform="translate(${at - 10} 0)">${shape}</g></svg>`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
	if (path === "/graphql") {
		const { query, variables } = JSON.parse(await text(request));
		const result = await graphql({ schema, source: query, variableValues: variables, rootValue: resolvers });
		response.setHeader("content-type", "application/json");
		response.end(JSON.stringify(result));
		return;
	}
	if (path.startsWith("/images/")) {
		response.setHeader("content-type", "image/svg+xml");
		response.end(picture(path.split("/").at(-1) ?? ""));
		return;
	}
	const file = [path, `${path}.html`, join(path, "index.html")]
		.map((candidate) => join(out, normalize(candidate)))
		.find((candidate) => candidate.startsWith(out) && extname(candidate) !== "" && existsSync(candidate));
	response.statusCode = file ? 200 : 404;
	const served = file ?? join(out, "404.html");
	response.setHeader("content-type", types[extname(served)] ?? "application/octet-stream");
	response.setHeader("cache-control", "no-store");
	createReadStream(served).pipe(response);
}

const server = createServer((request, response) => {
	answer(request, response).catch((error: unknown) => {
		response.statusCode = 500;
		response.end(String(error));
	});
});
serveSocket({ schema, roots: { subscription: resolvers } }, new WebSocketServer({ server, path: "/graphql" }));
const port = Number(process.argv[2] ?? 4400);
server.listen(port, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${port}\n`));
