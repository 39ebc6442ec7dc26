/** A page of a run's log. */
import { type EventBodies, listLogs } from "@mithridate/db";
import type { Context } from "../../context.ts";
import type { Connection, ForwardArgs } from "../connections/connection.type.ts";
import { connection, pageRequest } from "../connections/page.ts";
import type { LogLine } from "./run-parts.type.ts";

/** Lines in the order they were written. */
export async function logPage({ database }: Context, runId: string, page: ForwardArgs): Promise<Connection<LogLine>> {
	const order = "logs";
	return connection({
		order,
		page: await listLogs(database.db, { runId, page: pageRequest(order, page) }),
		key: ({ seq }) => ({ value: seq }),
		node: ({ body, createdAt }) => ({ ...(body as EventBodies["log"]), at: createdAt }),
	});
}
