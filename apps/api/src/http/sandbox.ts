/** GraphiQL at `/sandbox`, with every part of it served from here: nothing is loaded from the internet. */
import { Router } from "express";

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Mithridate API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sandbox/style.css">
<body class="no-focus-outline">
<div id="root"></div>
<script src="/sandbox/boot.js"></script>
<script src="/sandbox/graphiql.js"></script>
<script src="/sandbox/start.js"></script>
</html>
`;

/** The editor's workers, by the label that it asks for them with. */
const boot = `self.MonacoEnvironment = {
	globalAPI: false,
	getWorkerUrl: (_id, label) => "/sandbox/" + ({ json: "json", graphql: "graphql" }[label] ?? "editor") + ".worker.js",
};
`;

const query = `# Everything the dashboard shows can be asked for here.
query Runs {
  runs(first: 10) {
    nodes { number name status outcomes { model hitAt10 minRank } }
  }
}
`;

/** GraphiQL reads `query` from the address by itself; `variables` it is given. */
const start = `YogaGraphiQL.renderYogaGraphiQL(document.querySelector("#root"), {
	variables: new URLSearchParams(location.search).get("variables") ?? undefined,
	...${JSON.stringify({
		endpoint: "/graphql",
		subscriptionsProtocol: "WS",
		title: "Mithridate API",
		defaultQuery: query,
		credentials: "same-origin",
	})},
});
`;

/** The editor writes its own style sheets while it runs, which only this page allows. */
const policy = [
	"default-src 'self'",
	"script-src 'self'",
	"style-src 'self' 'unsafe-inline'",
	"img-src 'self' data:",
	"font-src 'self' data:",
	"worker-src 'self' blob:",
	"object-src 'none'",
	"base-uri 'none'",
	"frame-ancestors 'none'",
].join("; ");

/** The routes below `/sandbox`. GraphiQL's 9 MB are read at the first visit. */
export function sandbox(): Router {
	const routes = Router();
	routes.get("/", (_request, response) => {
		response.setHeader("content-security-policy", policy).type("html").send(page);
	});
	routes.get("/:file", async (request, response, next) => {
		const graphiql = await import("@graphql-yoga/render-graphiql/graphiql");
		const files: Readonly<Record<string, string>> = {
			"style.css": graphiql.css,
			"boot.js": boot,
			"graphiql.js": graphiql.js,
			"start.js": start,
			"editor.worker.js": graphiql.editorWorkerService,
			"json.worker.js": graphiql.jsonWorker,
			"graphql.worker.js": graphiql.graphqlWorker,
		};
		const { file } = request.params;
		const text = Object.hasOwn(files, file) ? files[file] : undefined;
		if (text === undefined) return next();
		response.setHeader("cache-control", "private, max-age=3600");
		response.type(file.endsWith(".css") ? "css" : "js").send(text);
	});
	return routes;
}
