/** A page of runs, for the list of all of them and for those of a study or a data set. */
import { countRuns, listRuns, type RunFilter, type Run as RunRow } from "@mithridate/db";
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import type { Connection, PageArgs } from "../connections/connection.type.ts";
import type { Key } from "../connections/cursor.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { type RunOrder, RunOrderField } from "./run.input.ts";
import { Run } from "./run.type.ts";

/** Runs of a filter in an order; the latest first where none is given. */
export async function runPage(
	{ database }: Context,
	{ filter, orderBy, page }: { filter: RunFilter; orderBy?: RunOrder | null; page: PageArgs },
): Promise<Connection<Run>> {
	const { field, direction } = orderBy ?? { field: RunOrderField.NUMBER, direction: "DESC" };
	const order = `runs:${field}:${direction}`;
	const key = (row: RunRow): Key => (field === "number" ? { value: row.number } : { value: row[field], id: row.id });
	return connection({
		order,
		page: await listRuns(database.db, {
			filter,
			order: { field, direction: direction === "ASC" ? "asc" : "desc" },
			page: pageRequest(order, page),
		}),
		key,
		node: (row) => new Run(row),
		count: () => countRuns(database.db, filter),
	});
}

/** The run that something belongs to. @throws ApiError `NOT_FOUND` when it was deleted a moment ago. */
export async function runOf({ loaders }: Context, id: string): Promise<Run> {
	const row = await loaders.run.load(id);
	if (row === null) throw new ApiError("NOT_FOUND", "The run was deleted a moment ago.");
	return new Run(row);
}
