/** What a run has to do with: its configuration, study, data set, attempts, files and log. */

import { canonicalJson } from "@mithridate/db";
import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { encodeCursor } from "../../live/cursor.ts";
import { type Connection, connectionType, ForwardArgs } from "../connections/connection.type.ts";
import { Dataset } from "../datasets/dataset.type.ts";
import { experiment } from "../experiment-config.ts";
import { Cursor } from "../scalars.ts";
import { Study } from "../studies/study.type.ts";
import { logPage } from "./log-page.ts";
import { ExportFormat } from "./run.enums.ts";
import { endedStatuses, Run } from "./run.type.ts";
import { Artifact, Attempt, LogLine, RunProgress, SystemSample } from "./run-parts.type.ts";

/** Of a longer run, every so many-th sample is shown, the newest among them. */
const MOST_SAMPLES = 500;

const LogConnection = connectionType("Log", () => LogLine);

@Resolver(() => Run)
export class RunResolver {
	@FieldResolver(() => experiment.output as never, { description: "All that decides its result." })
	config(@Root() { row }: Run): object {
		return experiment.present(row.config);
	}

	@FieldResolver(() => String, { description: "The same as JSON with sorted keys, for reading and comparing." })
	configText(@Root() { row }: Run): string {
		return canonicalJson(row.config);
	}

	@FieldResolver(() => Study, { nullable: true, description: "The study it belongs to." })
	async study(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<Study | null> {
		const study = row.studyId && (await loaders.study.load(row.studyId));
		return study ? new Study(study) : null;
	}

	@FieldResolver(() => Dataset, { nullable: true, description: "The data set it works on; null until it is made." })
	async dataset(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<Dataset | null> {
		const dataset = row.datasetId && (await loaders.dataset.load(row.datasetId));
		return dataset ? new Dataset(dataset) : null;
	}

	@FieldResolver(() => RunProgress, {
		nullable: true,
		description: "How far it has come; null before its first attempt.",
	})
	async progress(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<RunProgress | null> {
		if (row.progress === null) return null;
		const worker = row.workerId && (await loaders.worker.load(row.workerId));
		return {
			...row.progress,
			heartbeatAt: worker ? worker.heartbeatAt : null,
			worker: worker ? worker.name : null,
		};
	}

	@FieldResolver(() => [Attempt], { description: "Its attempts, oldest first." })
	async attempts(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<Attempt[]> {
		return (await loaders.attempts.load(row.id)).map(({ epoch, ...attempt }) => ({ ...attempt, number: epoch }));
	}

	@FieldResolver(() => [Artifact], { description: "Files it left behind." })
	async artifacts(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<Artifact[]> {
		return (await loaders.artifacts.load(row.id)).map((file) => ({ ...file, url: `/artifacts/${file.sha256}` }));
	}

	@FieldResolver(() => [SystemSample], { description: "What it took of its machine over time: at most 500 samples." })
	async systemSamples(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<SystemSample[]> {
		const samples = await loaders.samples.load(row.id);
		const every = Math.ceil(samples.length / MOST_SAMPLES);
		return samples
			.filter((_, at) => (samples.length - 1 - at) % every === 0)
			.map(({ epoch, ...sample }) => ({ ...sample, attempt: epoch }));
	}

	@FieldResolver(() => LogConnection, { description: "Its log, oldest line first." })
	logs(
		@Root() { row }: Run,
		@Ctx() context: Context,
		@Args(() => ForwardArgs) page: ForwardArgs,
	): Promise<Connection<LogLine>> {
		return logPage(context, row.id, page);
	}

	@FieldResolver(() => Cursor, {
		description: "Subscribe after it to get every event that is not in this answer, and none twice.",
	})
	resumeCursor(@Root() { row }: Run): string {
		return encodeCursor({ kind: "run", id: row.id }, row.lastSeq);
	}

	@FieldResolver(() => String, {
		description: "Where all it recorded is downloaded, on this server: raw points, never a sample.",
	})
	exportUrl(
		@Root() { row }: Run,
		@Arg("format", () => ExportFormat, { description: "Form of the download." }) format: string,
	): string {
		return `/export/runs/${row.number}.${format}`;
	}

	@FieldResolver(() => Boolean, { description: "Whether the viewer may change what people write about it." })
	viewerCanEdit(@Ctx() { viewer }: Context): boolean {
		return viewer.scopes.has("runs-write");
	}

	@FieldResolver(() => Boolean, { description: "Whether the viewer may cancel it, and there is something to cancel." })
	viewerCanCancel(@Root() { row }: Run, @Ctx() { viewer }: Context): boolean {
		return viewer.scopes.has("runs-write") && !endedStatuses.includes(row.status);
	}
}
