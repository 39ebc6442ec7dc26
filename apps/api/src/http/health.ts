/** Whether this server lives, whether it can work, and its figures for Prometheus. */
import type { RequestHandler } from "express";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Services } from "../context.ts";

/** `GET /healthz`: the process answers. */
export const healthz: RequestHandler = (_request, response) => {
	response.type("text/plain").send("ok\n");
};

/** `GET /readyz`: the database answers and nothing is shutting down. */
export function readyz({ database }: Services, isDraining: () => boolean): RequestHandler {
	return async (_request, response) => {
		const reason = isDraining()
			? "shutting down"
			: await database.pool.query("SELECT 1").then(
					() => undefined,
					() => "the database does not answer",
				);
		response
			.status(reason === undefined ? 200 : 503)
			.type("text/plain")
			.send(`${reason ?? "ready"}\n`);
	};
}

export interface Metrics {
	/** Counts and times every request. */
	readonly observe: RequestHandler;
	/** `GET /metrics`. */
	readonly show: RequestHandler;
}

/** Figures of one server, in a registry of its own. */
export function createMetrics({ hub }: Services, sockets: () => number): Metrics {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const requests = new Counter({
		name: "mithridate_http_requests_total",
		help: "Requests by method and status.",
		labelNames: ["method", "status"],
		registers: [registry],
	});
	const seconds = new Histogram({
		name: "mithridate_http_request_seconds",
		help: "Time from a request's headers to the end of its answer.",
		buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
		registers: [registry],
	});
	const live = {
		sockets: { help: "Open WebSockets.", value: sockets },
		subscribers: { help: "Running subscriptions.", value: () => hub.size().subscribers },
		feeds: { help: "Feeds that are read for subscribers.", value: () => hub.size().feeds },
		feed_bytes: { help: "Bytes of events kept in memory for subscribers.", value: () => hub.size().bytes },
	};
	for (const [name, { help, value }] of Object.entries(live))
		new Gauge({
			name: `mithridate_${name}`,
			help,
			registers: [registry],
			collect() {
				this.set(value());
			},
		});
	return {
		observe(request, response, next) {
			const end = seconds.startTimer();
			response.once("close", () => {
				end();
				requests.inc({ method: request.method, status: response.statusCode });
			});
			next();
		},
		async show(_request, response) {
			response.type(registry.contentType).send(await registry.metrics());
		},
	};
}
