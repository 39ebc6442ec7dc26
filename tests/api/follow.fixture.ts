/** Subscriptions as a script holds them: over either transport, and cut whenever a test likes. */
import type { Api } from "./api.fixture.ts";
import { openSocket } from "./transports.fixture.ts";

export interface Event {
	readonly seq: number;
	readonly at: string;
	readonly message?: string;
	readonly status?: string;
}

export interface Batch {
	readonly cursor: string;
	/** Of a study's feed with their run's number. */
	readonly events: readonly (Event & { readonly run?: number })[];
	readonly isReplay: boolean;
}

/** How a subscription ended: by itself, by an error of a code, or with its connection. */
export type End = "complete" | "broken" | `error ${string}`;

export interface Subscription {
	readonly ended: Promise<End>;
	/** Breaks the connection without a word. */
	cut(): void;
}

export interface Wanted {
	readonly runId?: string;
	readonly studyId?: string;
	readonly after?: string | undefined;
	/** Of a study: only events of these kinds. */
	readonly kinds?: readonly string[];
	readonly minIntervalMs?: number;
}

export const ways = ["ws", "sse"] as const;
export type Way = (typeof ways)[number];

const event = "... on LogWritten { seq at message } ... on RunStatusChanged { seq at status }";
const ofRun = `subscription ($runId: ID!, $after: Cursor, $minIntervalMs: Int) {
	feed: runEvents(runId: $runId, after: $after, minIntervalMs: $minIntervalMs) { cursor isReplay events { ${event} } }
}`;
const ofStudy = `subscription ($studyId: ID!, $after: Cursor, $kinds: [RunEventKind!], $minIntervalMs: Int) {
	feed: studyEvents(studyId: $studyId, after: $after, kinds: $kinds, minIntervalMs: $minIntervalMs) {
		cursor isReplay events { run { number } event { ${event} } }
	}
}`;

interface Result {
	readonly data?: {
		readonly feed: { cursor: string; isReplay: boolean; events: (Event | { run: { number: number }; event: Event })[] };
	};
	readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** Hands a result's batch on; returns how the feed ended if it says so. */
function take(result: Result, onBatch: (batch: Batch) => void): End | undefined {
	if (result.errors?.[0]) return `error ${result.errors[0].extensions.code}`;
	const { cursor, isReplay, events } = result.data!.feed;
	onBatch({
		cursor,
		isReplay,
		events: events.map((shown) => ("event" in shown ? { ...shown.event, run: shown.run.number } : shown)),
	});
	return undefined;
}

async function overSocket(api: Api, payload: object, onBatch: (batch: Batch) => void): Promise<Subscription> {
	const socket = await openSocket(api);
	const ended = new Promise<End>((resolve) => {
		socket.on("message", (data) => {
			const { type, payload } = JSON.parse(String(data));
			if (type === "complete") resolve("complete");
			const end =
				type === "next" || type === "error"
					? take(type === "next" ? payload : { errors: payload }, onBatch)
					: undefined;
			if (end) resolve(end);
		});
		socket.on("close", () => resolve("broken"));
	});
	socket.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
	return { ended: ended.finally(() => socket.terminate()), cut: () => socket.terminate() };
}

async function overStream(api: Api, payload: object, onBatch: (batch: Batch) => void): Promise<Subscription> {
	const abort = new AbortController();
	const read = async (): Promise<End> => {
		const response = await fetch(`${api.url}/graphql/stream`, {
			method: "POST",
			headers: {
				authorization: `Bearer ${api.token}`,
				"content-type": "application/json",
				accept: "text/event-stream",
			},
			body: JSON.stringify(payload),
			signal: abort.signal,
		});
		if (response.status !== 200) return take((await response.json()) as Result, onBatch) ?? "broken";
		let text = "";
		for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
			text += chunk;
			for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
				const [, name, data] = /^event: (\w+)\ndata: ?(.*)$/.exec(text.slice(0, end)) ?? [];
				text = text.slice(end + 2);
				if (name === "complete") return "complete";
				const ending = name === "next" ? take(JSON.parse(data!), onBatch) : undefined;
				if (ending) return ending;
			}
		}
		return "broken";
	};
	return { ended: read().catch(() => "broken"), cut: () => abort.abort() };
}

/** Subscribes to a run or a study. */
export function follow(api: Api, way: Way, wanted: Wanted, onBatch: (batch: Batch) => void): Promise<Subscription> {
	const variables = { minIntervalMs: 0, ...wanted };
	const payload = { query: wanted.runId === undefined ? ofStudy : ofRun, variables };
	return way === "ws" ? overSocket(api, payload, onBatch) : overStream(api, payload, onBatch);
}
