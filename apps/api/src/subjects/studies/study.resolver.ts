/** Finding studies, and what belongs to one. */
import { countStudies, findStudyBySlug, listStudies, type Study as StudyRow } from "@mithridate/db";
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { encodeCursor } from "../../live/cursor.ts";
import { type Connection, PageArgs } from "../connections/connection.type.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { groupOutcomes } from "../groups/outcomes.ts";
import { ExportFormat } from "../runs/run.enums.ts";
import { RunFilter, RunOrder } from "../runs/run.input.ts";
import { Run, RunConnection } from "../runs/run.type.ts";
import { runFilter } from "../runs/run-filter.ts";
import { runPage } from "../runs/run-page.ts";
import { Cursor } from "../scalars.ts";
import { cellsOf, definedAxes } from "./cells.ts";
import { readGrid } from "./stored-grid.ts";
import { StudyFilter, StudyOrder, StudyOrderField } from "./study.input.ts";
import { StatusCount, Study, StudyCell, StudyConnection, SweepAxis } from "./study.type.ts";

@Resolver(() => Study)
export class StudyResolver {
	@Query(() => StudyConnection, { description: "Studies, the latest first unless ordered otherwise." })
	async studies(
		@Ctx() { database }: Context,
		@Arg("filter", () => StudyFilter, {
			nullable: true,
			description: "Which studies; those in sight where it is left out.",
		})
		filter: StudyFilter | null,
		@Arg("orderBy", () => StudyOrder, { nullable: true, description: "In which order." }) orderBy: StudyOrder | null,
		@Args(() => PageArgs) page: PageArgs,
	): Promise<Connection<Study>> {
		const { field, direction } = orderBy ?? { field: StudyOrderField.CREATED_AT, direction: "DESC" };
		const order = `studies:${field}:${direction}`;
		const given = Object.entries(filter ?? { isArchived: false }).filter(([, value]) => value != null);
		const conditions: { text?: string; tag?: string; definition?: string; isArchived?: boolean } =
			Object.fromEntries(given);
		return connection({
			order,
			page: await listStudies(database.db, {
				filter: conditions,
				order: { field, direction: direction === "ASC" ? "asc" : "desc" },
				page: pageRequest(order, page),
			}),
			key: (row: StudyRow) => ({ value: row[field], id: row.id }),
			node: (row) => new Study(row),
			count: () => countStudies(database.db, conditions),
		});
	}

	@Query(() => Study, { nullable: true, description: "The study of a slug; null when there is none." })
	async study(
		@Ctx() { database }: Context,
		@Arg("slug", () => String, { description: "Its short name." }) slug: string,
	): Promise<Study | null> {
		const row = await findStudyBySlug(database.db, slug);
		return row && new Study(row);
	}

	@FieldResolver(() => [StatusCount], {
		description: "Its runs in sight, by status; statuses without runs are left out.",
	})
	counts(@Root() { row }: Study, @Ctx() { loaders }: Context): Promise<readonly StatusCount[]> {
		return loaders.studyCounts.load(row.id);
	}

	@FieldResolver(() => [SweepAxis], { description: "What it varies; empty for a study put together by hand." })
	axes(@Root() { row }: Study): readonly SweepAxis[] {
		return row.definition === null ? readGrid(row.grid).axes : definedAxes(row);
	}

	@FieldResolver(() => [StudyCell], { description: "Its runs in sight, gathered over seeds, with their results." })
	async cells(@Root() { row }: Study, @Ctx() { loaders }: Context): Promise<StudyCell[]> {
		const cells = cellsOf(row, await loaders.studyRuns.load(row.id));
		return Promise.all(
			cells.map(async ({ runs, ...cell }) => ({
				...cell,
				runs: runs.map((run) => new Run(run)),
				outcomes: groupOutcomes((await Promise.all(runs.map(({ id }) => loaders.outcomes.load(id)))).flat()),
			})),
		);
	}

	@FieldResolver(() => RunConnection, { description: "Its runs." })
	runs(
		@Root() { row }: Study,
		@Ctx() context: Context,
		@Arg("filter", () => RunFilter, {
			nullable: true,
			description: "Which of them; those in sight where it is left out.",
		})
		filter: RunFilter | null,
		@Arg("orderBy", () => RunOrder, { nullable: true, description: "In which order." }) orderBy: RunOrder | null,
		@Args(() => PageArgs) page: PageArgs,
	): Promise<Connection<Run>> {
		return runPage(context, { filter: { ...runFilter(filter), studyId: row.id }, orderBy, page });
	}

	@FieldResolver(() => Cursor, {
		description: "Subscribe after it to get every event that is not in this answer, and none twice.",
	})
	resumeCursor(@Root() { row }: Study): string {
		return encodeCursor({ kind: "study", id: row.id }, row.lastSeq);
	}

	@FieldResolver(() => String, { description: "Where all its runs recorded is downloaded, on this server." })
	exportUrl(
		@Root() { row }: Study,
		@Arg("format", () => ExportFormat, { description: "Form of the download." }) format: string,
	): string {
		return `/export/studies/${row.slug}.${format}`;
	}

	@FieldResolver(() => Boolean, { description: "Whether the viewer may change what people write about it." })
	viewerCanEdit(@Ctx() { viewer }: Context): boolean {
		return viewer.scopes.has("runs-write");
	}
}
