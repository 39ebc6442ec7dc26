CREATE TYPE "public"."role" AS ENUM('viewer', 'researcher', 'admin');--> statement-breakpoint
CREATE TYPE "public"."split_name" AS ENUM('train', 'test', 'trusted');--> statement-breakpoint
CREATE TYPE "public"."event_kind" AS ENUM('metric-points', 'status', 'stage', 'attack', 'evaluation', 'defense-report', 'checkpoint', 'system-sample', 'log', 'progress');--> statement-breakpoint
CREATE TYPE "public"."direction" AS ENUM('text-to-image', 'image-to-text');--> statement-breakpoint
CREATE TYPE "public"."poison_kind" AS ENUM('replace-image', 'inject', 'drop');--> statement-breakpoint
CREATE TYPE "public"."query_set" AS ENUM('attack', 'random');--> statement-breakpoint
CREATE TYPE "public"."attempt_outcome" AS ENUM('succeeded', 'failed', 'cancelled', 'paused', 'lost');--> statement-breakpoint
CREATE TYPE "public"."run_intent" AS ENUM('run', 'pause', 'cancel');--> statement-breakpoint
CREATE TYPE "public"."run_status" AS ENUM('queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled', 'quarantined');--> statement-breakpoint
CREATE TYPE "public"."checkpoint_kind" AS ENUM('state', 'model');--> statement-breakpoint
CREATE TYPE "public"."stage_status" AS ENUM('begun', 'finished');--> statement-breakpoint
CREATE TABLE "idempotency" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"input_hash" char(64) NOT NULL,
	"result" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"prefix" text NOT NULL,
	"role" "role" NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"sha256" char(64) PRIMARY KEY NOT NULL,
	"bytes" bigint NOT NULL,
	"media_type" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"damaged_at" timestamp (3) with time zone,
	CONSTRAINT "artifacts_sha256_hex" CHECK ("artifacts"."sha256" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "artifacts_bytes_not_negative" CHECK ("artifacts"."bytes" >= 0)
);
--> statement-breakpoint
CREATE TABLE "datasets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" char(64) NOT NULL,
	"settings" jsonb NOT NULL,
	"classes" text[] NOT NULL,
	"image_size" integer NOT NULL,
	"train_count" integer NOT NULL,
	"test_count" integer NOT NULL,
	"trusted_count" integer NOT NULL,
	"images_sha256" char(64),
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "datasets_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "pairs" (
	"dataset_id" uuid NOT NULL,
	"split" "split_name" NOT NULL,
	"position" integer NOT NULL,
	"sample" text NOT NULL,
	"class" text,
	"captions" text[] NOT NULL,
	"image_row" integer NOT NULL,
	"image_sha256" char(64) NOT NULL,
	CONSTRAINT "pairs_dataset_id_split_position_pk" PRIMARY KEY("dataset_id","split","position"),
	CONSTRAINT "pairs_position_not_negative" CHECK ("pairs"."position" >= 0 AND "pairs"."image_row" >= 0)
);
--> statement-breakpoint
CREATE TABLE "events" (
	"run_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"study_id" uuid,
	"study_seq" bigint,
	"epoch" integer NOT NULL,
	"kind" "event_kind" NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "events_run_id_seq_pk" PRIMARY KEY("run_id","seq"),
	CONSTRAINT "events_study_is_numbered" CHECK (("events"."study_id" IS NULL) = ("events"."study_seq" IS NULL)),
	CONSTRAINT "events_seq_positive" CHECK ("events"."seq" > 0)
);
--> statement-breakpoint
CREATE TABLE "metric_points" (
	"run_id" uuid NOT NULL,
	"key" text NOT NULL,
	"step" integer NOT NULL,
	"value" double precision NOT NULL,
	"epoch" integer NOT NULL,
	CONSTRAINT "metric_points_run_id_key_step_pk" PRIMARY KEY("run_id","key","step")
);
--> statement-breakpoint
CREATE TABLE "system_samples" (
	"run_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"epoch" integer NOT NULL,
	"cpu_share" double precision NOT NULL,
	"resident_bytes" bigint NOT NULL,
	CONSTRAINT "system_samples_run_id_at_pk" PRIMARY KEY("run_id","at")
);
--> statement-breakpoint
CREATE TABLE "defense_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"defense" text NOT NULL,
	"threshold" double precision NOT NULL,
	"kept" integer NOT NULL,
	"removed" integer NOT NULL,
	"poison_left" integer NOT NULL,
	"clean_lost" integer NOT NULL,
	"precision" double precision,
	"recall" double precision,
	"auroc" double precision,
	"roc" jsonb NOT NULL,
	"histogram" jsonb NOT NULL,
	"mixture" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "defense_reports_run_id_defense_key" UNIQUE("run_id","defense"),
	CONSTRAINT "defense_reports_counts_not_negative" CHECK (least("defense_reports"."kept", "defense_reports"."removed", "defense_reports"."poison_left", "defense_reports"."clean_lost") >= 0)
);
--> statement-breakpoint
CREATE TABLE "defense_scores" (
	"report_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"sample" text NOT NULL,
	"score" double precision NOT NULL,
	"poisoned" boolean NOT NULL,
	CONSTRAINT "defense_scores_report_id_position_pk" PRIMARY KEY("report_id","position")
);
--> statement-breakpoint
CREATE TABLE "evaluation_queries" (
	"evaluation_id" uuid NOT NULL,
	"goal" integer NOT NULL,
	"direction" "direction" NOT NULL,
	"query_set" "query_set" NOT NULL,
	"position" integer NOT NULL,
	"query" text NOT NULL,
	"rank" integer NOT NULL,
	"top" text[] NOT NULL,
	CONSTRAINT "evaluation_queries_evaluation_id_goal_direction_query_set_position_pk" PRIMARY KEY("evaluation_id","goal","direction","query_set","position")
);
--> statement-breakpoint
CREATE TABLE "evaluations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"model" text NOT NULL,
	"step" integer,
	"stage_key" char(64),
	"hit_at_1" double precision NOT NULL,
	"hit_at_5" double precision NOT NULL,
	"hit_at_10" double precision NOT NULL,
	"min_rank" double precision NOT NULL,
	"text_retrieval_at_10" double precision NOT NULL,
	"image_retrieval_at_10" double precision NOT NULL,
	"seconds" double precision NOT NULL,
	"numbers" jsonb NOT NULL,
	"goals" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "evaluations_run_id_model_step_key" UNIQUE NULLS NOT DISTINCT("run_id","model","step")
);
--> statement-breakpoint
CREATE TABLE "poisoned_pairs" (
	"run_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"sample" text NOT NULL,
	"kind" "poison_kind" NOT NULL,
	"class" text,
	"captions" text[] NOT NULL,
	"before_row" integer,
	"after_row" integer,
	CONSTRAINT "poisoned_pairs_run_id_position_pk" PRIMARY KEY("run_id","position")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"run_id" uuid NOT NULL,
	"epoch" integer NOT NULL,
	"worker_id" uuid,
	"worker" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" "attempt_outcome",
	"error" jsonb,
	"made_progress" boolean DEFAULT false NOT NULL,
	CONSTRAINT "attempts_run_id_epoch_pk" PRIMARY KEY("run_id","epoch"),
	CONSTRAINT "attempts_end_has_outcome" CHECK (("attempts"."ended_at" IS NULL) = ("attempts"."outcome" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" integer GENERATED ALWAYS AS IDENTITY (sequence name "runs_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"study_id" uuid,
	"config" jsonb NOT NULL,
	"config_hash" char(64) NOT NULL,
	"group_hash" char(64) NOT NULL,
	"seed" bigint NOT NULL,
	"attack" text NOT NULL,
	"goals_label" text NOT NULL,
	"defenses" text[] NOT NULL,
	"status" "run_status" DEFAULT 'queued' NOT NULL,
	"intent" "run_intent" DEFAULT 'run' NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"stalled_attempts" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"worker_id" uuid,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"dataset_id" uuid,
	"poison_share" double precision,
	"goals" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"poisoned_hit_at_10" double precision,
	"progress" jsonb,
	"error" jsonb,
	"environment" jsonb,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"notes" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"queued_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"archived_at" timestamp (3) with time zone,
	CONSTRAINT "runs_number_unique" UNIQUE("number"),
	CONSTRAINT "runs_counts_not_negative" CHECK ("runs"."epoch" >= 0 AND "runs"."stalled_attempts" >= 0 AND "runs"."last_seq" >= 0),
	CONSTRAINT "runs_lease_while_running" CHECK (("runs"."status" = 'running') = ("runs"."lease_until" IS NOT NULL))
);
--> statement-breakpoint
CREATE TABLE "studies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"question" text,
	"notes" text,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"grid" jsonb,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp (3) with time zone,
	CONSTRAINT "studies_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"version" text NOT NULL,
	"threads" integer NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"heartbeat_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"run_id" uuid
);
--> statement-breakpoint
CREATE TABLE "checkpoint_files" (
	"checkpoint_id" uuid NOT NULL,
	"name" text NOT NULL,
	"sha256" char(64) NOT NULL,
	CONSTRAINT "checkpoint_files_checkpoint_id_name_pk" PRIMARY KEY("checkpoint_id","name")
);
--> statement-breakpoint
CREATE TABLE "checkpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"stage_key" char(64) NOT NULL,
	"kind" "checkpoint_kind" NOT NULL,
	"step" integer NOT NULL,
	"run_id" uuid,
	"epoch" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "checkpoints_step_not_negative" CHECK ("checkpoints"."step" >= 0)
);
--> statement-breakpoint
CREATE TABLE "run_artifacts" (
	"run_id" uuid NOT NULL,
	"name" text NOT NULL,
	"sha256" char(64) NOT NULL,
	CONSTRAINT "run_artifacts_run_id_name_pk" PRIMARY KEY("run_id","name")
);
--> statement-breakpoint
CREATE TABLE "run_stages" (
	"run_id" uuid NOT NULL,
	"name" text NOT NULL,
	"stage_key" char(64) NOT NULL,
	"reused" boolean NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_stages_run_id_name_pk" PRIMARY KEY("run_id","name")
);
--> statement-breakpoint
CREATE TABLE "stages" (
	"key" char(64) PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"made_by_run" uuid,
	"status" "stage_status" DEFAULT 'begun' NOT NULL,
	"seconds" double precision,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "datasets" ADD CONSTRAINT "datasets_images_sha256_artifacts_sha256_fk" FOREIGN KEY ("images_sha256") REFERENCES "public"."artifacts"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pairs" ADD CONSTRAINT "pairs_dataset_id_datasets_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."datasets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_study_id_studies_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."studies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "metric_points" ADD CONSTRAINT "metric_points_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "system_samples" ADD CONSTRAINT "system_samples_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "defense_reports" ADD CONSTRAINT "defense_reports_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "defense_scores" ADD CONSTRAINT "defense_scores_report_id_defense_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."defense_reports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_queries" ADD CONSTRAINT "evaluation_queries_evaluation_id_evaluations_id_fk" FOREIGN KEY ("evaluation_id") REFERENCES "public"."evaluations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_stage_key_stages_key_fk" FOREIGN KEY ("stage_key") REFERENCES "public"."stages"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poisoned_pairs" ADD CONSTRAINT "poisoned_pairs_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_study_id_studies_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."studies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_dataset_id_datasets_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."datasets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workers" ADD CONSTRAINT "workers_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoint_files" ADD CONSTRAINT "checkpoint_files_checkpoint_id_checkpoints_id_fk" FOREIGN KEY ("checkpoint_id") REFERENCES "public"."checkpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoint_files" ADD CONSTRAINT "checkpoint_files_sha256_artifacts_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."artifacts"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoints" ADD CONSTRAINT "checkpoints_stage_key_stages_key_fk" FOREIGN KEY ("stage_key") REFERENCES "public"."stages"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoints" ADD CONSTRAINT "checkpoints_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_artifacts" ADD CONSTRAINT "run_artifacts_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_artifacts" ADD CONSTRAINT "run_artifacts_sha256_artifacts_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."artifacts"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_stages" ADD CONSTRAINT "run_stages_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_stages" ADD CONSTRAINT "run_stages_stage_key_stages_key_fk" FOREIGN KEY ("stage_key") REFERENCES "public"."stages"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stages" ADD CONSTRAINT "stages_made_by_run_runs_id_fk" FOREIGN KEY ("made_by_run") REFERENCES "public"."runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "pairs_dataset_id_sample_key" ON "pairs" USING btree ("dataset_id","sample");--> statement-breakpoint
CREATE INDEX "pairs_class_index" ON "pairs" USING btree ("dataset_id","split","class","position");--> statement-breakpoint
CREATE UNIQUE INDEX "events_study_id_study_seq_key" ON "events" USING btree ("study_id","study_seq") WHERE "events"."study_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "defense_scores_score_index" ON "defense_scores" USING btree ("report_id","score");--> statement-breakpoint
CREATE INDEX "evaluations_stage_key_index" ON "evaluations" USING btree ("stage_key");--> statement-breakpoint
CREATE INDEX "runs_study_id_index" ON "runs" USING btree ("study_id","number");--> statement-breakpoint
CREATE INDEX "runs_dataset_id_index" ON "runs" USING btree ("dataset_id");--> statement-breakpoint
CREATE INDEX "runs_group_hash_index" ON "runs" USING btree ("group_hash","seed");--> statement-breakpoint
CREATE INDEX "runs_created_at_index" ON "runs" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "runs_ended_at_index" ON "runs" USING btree ("ended_at","id");--> statement-breakpoint
CREATE INDEX "runs_poisoned_hit_at_10_index" ON "runs" USING btree ("poisoned_hit_at_10","id");--> statement-breakpoint
CREATE INDEX "runs_lease_until_index" ON "runs" USING btree ("lease_until") WHERE "runs"."status" = 'running';--> statement-breakpoint
CREATE INDEX "runs_queued_index" ON "runs" USING btree ("priority" DESC NULLS LAST,"queued_at") WHERE "runs"."status" = 'queued';--> statement-breakpoint
CREATE INDEX "checkpoint_files_sha256_index" ON "checkpoint_files" USING btree ("sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "checkpoints_stage_run_attempt_key" ON "checkpoints" USING btree ("stage_key","kind","step","run_id","epoch");--> statement-breakpoint
CREATE INDEX "checkpoints_run_id_index" ON "checkpoints" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "run_artifacts_sha256_index" ON "run_artifacts" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "run_stages_stage_key_index" ON "run_stages" USING btree ("stage_key");