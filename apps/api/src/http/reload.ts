/** In development, open pages load themselves anew when the dashboard has been built anew. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Response, Router } from "express";

const POLL_MS = 300;

/** The build that a page hears of first is the one it was loaded from. */
const script = `let known;
new EventSource("/development/build").onmessage = ({ data }) => {
	if (known !== undefined && known !== data) location.reload();
	known = data;
};
`;

/** A page that listens. */
export const withReload = (html: string): string =>
	html.replace("</head>", '<script src="/development/reload.js" async></script></head>');

/** What the last step of a build has written; undefined while one is being made. */
async function buildOf(folder: string): Promise<string | undefined> {
	try {
		return (await readFile(join(folder, "build.txt"), "utf8")) || undefined;
	} catch {
		return undefined;
	}
}

interface ReloadOptions {
	/** Of the dashboard's export. */
	readonly folder: string;
	isDraining(): boolean;
}

/** Tells of the build that is there, and of each that takes its place. */
async function tell(response: Response, { folder, isDraining }: ReloadOptions): Promise<void> {
	let told: string | undefined;
	while (!response.destroyed && !isDraining()) {
		const build = await buildOf(folder);
		if (build !== undefined && build !== told) response.write(`data: ${build}\n\n`);
		told = build ?? told;
		await sleep(POLL_MS);
	}
	response.end();
}

export function reloading(options: ReloadOptions): Router {
	const routes = Router();
	routes.get("/reload.js", (_, response) => {
		response.setHeader("cache-control", "no-store").type("js").send(script);
	});
	routes.get("/build", async (_, response) => {
		response.setHeader("cache-control", "no-store").type("text/event-stream").flushHeaders();
		await tell(response, options);
	});
	return routes;
}
