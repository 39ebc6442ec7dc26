import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { ApiError, connect } from "./index.ts";
import { type Received, serve } from "./server.fixture.ts";

const log = (seq: number) => ({
	__typename: "LogWritten",
	seq,
	at: "2026-01-01T00:00:00Z",
	attempt: 1,
	level: "INFO",
	message: "",
});

/** Plays 1..total in batches of three from the asked cursor on; cuts the connection after some batches, mid-batch even. */
function feed(total: number, cutAfter: number) {
	const asked: (string | null)[] = [];
	const answer = ({ body }: Received, response: ServerResponse) => {
		const { after } = body.variables as { after: string | null };
		asked.push(after);
		response.writeHead(200, { "content-type": "text/event-stream" });
		let next = after === null ? 1 : Number(after.slice(1)) + 1;
		for (let sent = 0; next <= total; sent++) {
			const events = [next, next + 1, next + 2].filter((seq) => seq <= total).map(log);
			next += events.length;
			const data = { data: { runEvents: { cursor: `c${next - 1}`, isReplay: true, events } } };
			const message = `event: next\ndata: ${JSON.stringify(data)}\n\n`;
			if (sent < cutAfter) response.write(message);
			else {
				response.write(message.slice(0, message.length / 2), () => response.destroy());
				return;
			}
		}
		response.end("event: complete\ndata: \n\n");
	};
	return { asked, answer };
}

describe("watching a run", () => {
	test("goes on after the last whole batch when the connection is cut, with nothing lost or doubled", async () => {
		const { asked, answer } = feed(20, 2);
		const client = await serve(answer);
		const seen: number[] = [];
		for await (const event of client.watch("run")) seen.push((event as { seq: number }).seq);
		expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
		expect(asked).toEqual([null, "c6", "c12", "c18"]);
	});

	test("starts after the cursor it is given and tells of each new one", async () => {
		const client = await serve(feed(9, 99).answer);
		const cursors: string[] = [];
		const seen: number[] = [];
		for await (const event of client.watch("run", { after: "c3", onCursor: (cursor) => cursors.push(cursor) }))
			seen.push((event as { seq: number }).seq);
		expect(seen).toEqual([4, 5, 6, 7, 8, 9]);
		expect(cursors).toEqual(["c6", "c9"]);
	});

	test("gives up at once on a fault that will not pass", async () => {
		let calls = 0;
		const client = await serve((_, response) => {
			calls++;
			response.writeHead(200, { "content-type": "text/event-stream" });
			const errors = [{ message: "too old", extensions: { code: "CURSOR_EXPIRED", retryable: false } }];
			response.end(`event: next\ndata: ${JSON.stringify({ errors })}\n\nevent: complete\ndata: \n\n`);
		});
		await expect(client.wait("run")).rejects.toMatchObject({ code: "CURSOR_EXPIRED", message: "too old" });
		expect(calls).toBe(1);
	});

	test("stops when it is told to", async () => {
		const client = await serve(
			(_, response) => void response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders(),
		);
		const control = new AbortController();
		setTimeout(() => control.abort(), 50);
		await expect(client.wait("run", control.signal)).rejects.toThrow(/abort/i);
	});
});

describe("calls", () => {
	test("start a run with the token and a key of their own", async () => {
		const received: Received[] = [];
		const client = await serve((request, response) => {
			received.push(request);
			response.end(JSON.stringify({ data: { startRun: { run: { number: 7 }, replayed: false, errors: [] } } }));
		});
		expect((await client.start({ config: { seed: 3 } })).number).toBe(7);
		await client.start();
		expect(received.map(({ path, authorization }) => [path, authorization])).toEqual([
			["/graphql", "Bearer secret"],
			["/graphql", "Bearer secret"],
		]);
		const keys = received.map(
			({ body }) => (body.variables as { input: { idempotencyKey: string } }).input.idempotencyKey,
		);
		expect(new Set(keys).size).toBe(2);
	});

	test("tell of the field that a mutation refused", async () => {
		const errors = [{ code: "VALIDATION", message: 'There is no class "unicorn".', path: ["config", "attack", "to"] }];
		const client = await serve((_, response) =>
			response.end(JSON.stringify({ data: { startRun: { run: null, errors } } })),
		);
		await expect(client.start()).rejects.toThrow('config.attack.to: There is no class "unicorn".');
	});

	test("tell of the request id of a fault that the server masks", async () => {
		const errors = [{ message: "Internal error", extensions: { code: "INTERNAL", requestId: "r-1" } }];
		const client = await serve((_, response) => response.end(JSON.stringify({ errors })));
		await expect(client.run(1)).rejects.toMatchObject({ code: "INTERNAL", requestId: "r-1" });
	});

	test("say that a server cannot be reached, or is something else", async () => {
		const nobody = connect({ url: "http://127.0.0.1:9" });
		await expect(nobody.run(1)).rejects.toMatchObject({ code: "UNREACHABLE", retryable: true });
		const page = await serve((_, response) => response.writeHead(404).end("<h1>Not here</h1>"));
		await expect(page.run(1)).rejects.toThrow(/404.*Not here/s);
		expect(await page.run(1).catch((error: unknown) => error)).toBeInstanceOf(ApiError);
	});

	test("read lists page by page to their end", async () => {
		const client = await serve(({ body }, response) => {
			const { after } = body.variables as { after: string | null };
			const nodes = after === null ? [{ number: 1 }, { number: 2 }] : [{ number: 3 }];
			const pageInfo = { hasNextPage: after === null, endCursor: after === null ? "two" : null };
			response.end(JSON.stringify({ data: { runs: { nodes, pageInfo } } }));
		});
		const numbers: number[] = [];
		for await (const { number } of client.runs()) numbers.push(number);
		expect(numbers).toEqual([1, 2, 3]);
	});

	test("stream a download", async () => {
		const client = await serve(({ path }, response) =>
			path === "/graphql"
				? response.end(
						JSON.stringify({
							data: { node: { number: 1, exportJson: "/export/runs/x.json", exportCsv: "/export/runs/x.csv" } },
						}),
					)
				: response.end(`body of ${path}`),
		);
		expect(await new Response(await client.export("x", "csv")).text()).toBe("body of /export/runs/x.csv");
	});
});
