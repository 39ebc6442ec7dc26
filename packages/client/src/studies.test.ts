import { describe, expect, test } from "vitest";
import { type Received, serve } from "./server.fixture.ts";

const log = (seq: number) => ({ __typename: "LogWritten", seq, at: "", attempt: 1, level: "INFO", message: "" });
const study = { id: "AQI", slug: "attack-two-1", counts: [] };

/** Events of two runs by turns, `total` in all, in batches of three; each connection is cut within its third batch. */
function feed(total: number) {
	const asked: unknown[] = [];
	const events = Array.from({ length: total }, (_, at) => {
		const run = { id: `run-${at % 2}`, number: at % 2, name: "", seed: 1 };
		return { run, event: log(Math.floor(at / 2) + 1) };
	});
	const answer: Parameters<typeof serve>[0] = ({ body }, response) => {
		const { after, ...rest } = body.variables;
		asked.push(after, rest);
		response.writeHead(200, { "content-type": "text/event-stream" });
		for (let [next, sent] = [Number((after as string | null)?.slice(1) ?? 0), 0]; next < total; sent++) {
			const batch = events.slice(next, next + 3);
			next += batch.length;
			const data = { data: { studyEvents: { cursor: `c${next}`, isReplay: true, events: batch } } };
			const message = `event: next\ndata: ${JSON.stringify(data)}\n\n`;
			if (sent < 2) response.write(message);
			else return void response.write(message.slice(0, message.length / 2), () => response.destroy());
		}
		response.end("event: complete\ndata: \n\n");
	};
	return { asked, answer, events };
}

describe("watching a study", () => {
	test("tells of every event of every run once, over lost connections", async () => {
		const { asked, answer, events } = feed(20);
		const client = await serve(answer);
		const [seen, cursors]: [unknown[], string[]] = [[], []];
		for await (const told of client.watchStudy("AQI", { onCursor: (cursor) => cursors.push(cursor) })) seen.push(told);
		expect(seen).toEqual(events);
		const rest = { studyId: "AQI" };
		expect(asked).toEqual([null, rest, "c6", rest, "c12", rest, "c18", rest]);
		expect(cursors).toEqual(["c3", "c6", "c9", "c12", "c15", "c18", "c20"]);
	});

	test("leaves out what comes again after a batch that was told only in part", async () => {
		const client = await serve((_, response) => {
			const batch = (seqs: number[]) => {
				const events = seqs.map((seq) => ({ run: { id: "run" }, event: log(seq) }));
				return `event: next\ndata: ${JSON.stringify({ data: { studyEvents: { cursor: "c", events } } })}\n\n`;
			};
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.end(`${batch([1, 2])}${batch([2, 3])}event: complete\ndata: \n\n`);
		});
		const seen: number[] = [];
		for await (const { event } of client.watchStudy("AQI")) seen.push((event as { seq: number }).seq);
		expect(seen).toEqual([1, 2, 3]);
	});

	test("waits with the news of states alone, and gives the study as it is then", async () => {
		const asked: unknown[] = [];
		const client = await serve(({ path, body }, response) => {
			asked.push(body.variables);
			if (path === "/graphql") return void response.end(JSON.stringify({ data: { node: study } }));
			response.writeHead(200, { "content-type": "text/event-stream" }).end("event: complete\ndata: \n\n");
		});
		expect(await client.waitForStudy("AQI")).toEqual(study);
		expect(asked).toEqual([{ studyId: "AQI", after: null, kinds: ["STATUS"] }, { id: "AQI" }]);
	});
});

describe("calls about studies", () => {
	test("start a defined study with a key of their own, and leave to the server what is not given", async () => {
		const received: Received[] = [];
		const client = await serve((request, response) => {
			received.push(request);
			response.end(JSON.stringify({ data: { startDefinedStudy: { study, replayed: false, errors: [] } } }));
		});
		expect(await client.startStudy("attack-two")).toEqual(study);
		await client.startStudy("cure", { seeds: [4, 5], scale: "WHOLE" }, { tags: ["night"], idempotencyKey: "k" });
		const [first, second] = received.map(({ body }) => body.variables.input);
		expect(first).toEqual({ definition: "attack-two", setting: {}, idempotencyKey: expect.any(String) });
		const setting = { seeds: [4, 5], scale: "WHOLE" };
		expect(second).toEqual({ definition: "cure", setting, tags: ["night"], idempotencyKey: "k" });
	});

	test("tell of the place of what was refused", async () => {
		const errors = [{ code: "VALIDATION", message: "Seed 1 is given twice.", path: ["setting", "seeds"] }];
		const client = await serve((_, response) =>
			response.end(JSON.stringify({ data: { startDefinedStudy: { study: null, errors } } })),
		);
		await expect(client.startStudy("cure", { seeds: [1, 1] })).rejects.toThrow("setting.seeds: Seed 1 is given twice.");
	});

	test("find a study by its slug or its id, and say that there is none", async () => {
		const asked: unknown[] = [];
		const client = await serve(({ body }, response) => {
			asked.push(body.variables);
			const isKnown = body.variables.slug === study.slug;
			response.end(JSON.stringify({ data: { study: isKnown ? study : null, node: {} } }));
		});
		expect(await client.study(study.slug)).toEqual(study);
		await expect(client.study("no-such-study")).rejects.toMatchObject({ code: "NOT_FOUND" });
		// The id of a run, of which nothing was asked.
		await expect(client.study("AQEx")).rejects.toMatchObject({ code: "NOT_FOUND" });
		expect(asked).toEqual([{ slug: study.slug }, { slug: "no-such-study" }, { id: "AQEx" }]);
	});

	test("read figures and verdicts with a defender's knowledge, and only some figures", async () => {
		let asked: unknown;
		const results = { ...study, views: [{ name: "table" }], verdicts: [{ outcome: "SUPPORTED" }] };
		const client = await serve(({ body }, response) => {
			asked = body.variables;
			response.end(JSON.stringify({ data: { node: results } }));
		});
		expect(await client.studyResults("AQI", { perspective: "DEFENDER", views: ["table"] })).toEqual(results);
		expect(asked).toEqual({ id: "AQI", perspective: "DEFENDER", views: ["table"] });
	});

	test("download a whole study", async () => {
		const links = { exportJson: "/export/studies/s.json", exportCsv: "/export/studies/s.csv" };
		const client = await serve(({ path }, response) =>
			response.end(path === "/graphql" ? JSON.stringify({ data: { node: links } }) : `body of ${path}`),
		);
		expect(await new Response(await client.exportStudy("AQI")).text()).toBe("body of /export/studies/s.json");
		expect(await new Response(await client.exportStudy("AQI", "csv")).text()).toBe("body of /export/studies/s.csv");
	});
});
