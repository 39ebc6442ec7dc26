/** The resolver classes of the schema: one line for each subject. */
import { CatalogResolver } from "./catalog/catalog.resolver.ts";
import { DatasetResolver } from "./datasets/dataset.resolver.ts";
import { DefenseReportResolver } from "./defense-reports/defense-report.resolver.ts";
import { EvaluationResolver, GoalEvaluationResolver } from "./evaluations/evaluation.resolver.ts";
import { RunGroupResolver } from "./groups/group.resolver.ts";
import { DatasetImportResolver } from "./imports/import.resolver.ts";
import { LiveResolver } from "./live/live.resolver.ts";
import { ModelResolver, StageResolver } from "./models/model.resolver.ts";
import { NodeResolver } from "./node/node.resolver.ts";
import { StudyDefinitionResolver } from "./paper-studies/definition.resolver.ts";
import { StudyResultsResolver } from "./paper-studies/study-results.resolver.ts";
import { EmbeddingMapResolver } from "./retrieval/embedding-map.resolver.ts";
import { RetrievalResolver } from "./retrieval/retrieval.resolver.ts";
import { RunResolver } from "./runs/run.resolver.ts";
import { RunMutationResolver } from "./runs/run-mutation.resolver.ts";
import { RunQueryResolver } from "./runs/run-query.resolver.ts";
import { RunResultsResolver } from "./runs/run-results.resolver.ts";
import { RunsMutationResolver } from "./runs/runs-mutation.resolver.ts";
import { ServerInfoResolver } from "./server-info/server-info.resolver.ts";
import { MissingRunsResolver } from "./studies/missing.resolver.ts";
import { StudyResolver } from "./studies/study.resolver.ts";
import { StudyMutationResolver } from "./studies/study-mutation.resolver.ts";
import { TokenResolver } from "./tokens/token.resolver.ts";
import { ViewerResolver } from "./viewer/viewer.resolver.ts";
import { WorkerResolver } from "./workers/worker.resolver.ts";

export const resolvers = [
	CatalogResolver,
	DatasetResolver,
	DatasetImportResolver,
	DefenseReportResolver,
	EvaluationResolver,
	GoalEvaluationResolver,
	RunGroupResolver,
	LiveResolver,
	MissingRunsResolver,
	ModelResolver,
	StageResolver,
	NodeResolver,
	EmbeddingMapResolver,
	RetrievalResolver,
	RunResolver,
	RunMutationResolver,
	RunQueryResolver,
	RunResultsResolver,
	RunsMutationResolver,
	ServerInfoResolver,
	StudyDefinitionResolver,
	StudyResolver,
	StudyMutationResolver,
	StudyResultsResolver,
	TokenResolver,
	ViewerResolver,
	WorkerResolver,
] as const;
