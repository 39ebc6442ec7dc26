/** The client where Node's modules and globals are missing, as in a browser, Deno and Bun. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Runs a script in a Node that gives nothing away but what every runtime has. */
function elsewhere(script: string): { stdout: string; stderr: string } {
	const only = `
		import { isBuiltin, registerHooks } from "node:module";
		const write = process.stdout.write.bind(process.stdout);
		registerHooks({
			resolve(specifier, context, next) {
				if (isBuiltin(specifier)) throw new Error("a module of Node: " + specifier + " in " + context.parentURL);
				return next(specifier, context);
			},
		});
		// Not Buffer, which Node's own Response takes from there.
		for (const name of ["process", "global", "setImmediate", "clearImmediate"]) delete globalThis[name];
		globalThis.say = (value) => write(JSON.stringify(value));`;
	const hooks = `data:text/javascript,${encodeURIComponent(only)}`;
	const args = ["--disable-warning=ExperimentalWarning", "--import", hooks, "--input-type=module", "--eval", script];
	return spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" });
}

test("starts and watches a run with what every runtime has", () => {
	const event = { __typename: "LogWritten", seq: 1, message: "hello" };
	const script = `
		import { connect } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
		const answers = {
			"/graphql": () => Response.json({ data: { startRun: { run: { id: "a", number: 7 }, replayed: false, errors: [] } } }),
			"/graphql/stream": () =>
				new Response(${JSON.stringify(
					`event: next\ndata: ${JSON.stringify({ data: { runEvents: { cursor: "c", events: [event] } } })}\n\nevent: complete\ndata:\n\n`,
				)}, { headers: { "content-type": "text/event-stream" } }),
		};
		const client = connect({ url: "http://lab.example", fetch: async (url) => answers[new URL(url).pathname]() });
		const { id, number } = await client.start();
		const events = [];
		for await (const event of client.watch(id)) events.push(event);
		say({ number, events });`;
	const { stdout, stderr } = elsewhere(script);
	expect(stderr).toBe("");
	expect(JSON.parse(stdout)).toEqual({ number: 7, events: [event] });
});

test("a module or a global of Node would be seen", () => {
	expect(elsewhere('await import("node:fs"); say(1);').stderr).toContain("a module of Node");
	expect(elsewhere("say(process.version);").stderr).toContain("process is not defined");
});
