CREATE TYPE "public"."import_status" AS ENUM('queued', 'running', 'succeeded', 'failed', 'cancelled');--> statement-breakpoint
CREATE TABLE "import_faults" (
	"import_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"file" text NOT NULL,
	"row" integer NOT NULL,
	"column" text,
	"reason" text NOT NULL,
	"detail" text NOT NULL,
	CONSTRAINT "import_faults_import_id_position_pk" PRIMARY KEY("import_id","position"),
	CONSTRAINT "import_faults_position_not_negative" CHECK ("import_faults"."position" >= 0)
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"path" text NOT NULL,
	"root" text,
	"settings" jsonb NOT NULL,
	"status" "import_status" DEFAULT 'queued' NOT NULL,
	"is_cancelled" boolean DEFAULT false NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"stalled_attempts" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"worker_id" uuid,
	"revision" bigint DEFAULT 0 NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	"fault_count" integer DEFAULT 0 NOT NULL,
	"error" jsonb,
	"version_hash" char(64),
	"dataset_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "imports_counts_not_negative" CHECK ("imports"."epoch" >= 0 AND "imports"."done" >= 0 AND "imports"."total" >= 0 AND "imports"."fault_count" >= 0),
	CONSTRAINT "imports_lease_while_running" CHECK (("imports"."status" = 'running') = ("imports"."lease_until" IS NOT NULL)),
	CONSTRAINT "imports_success_has_dataset" CHECK ("imports"."status" <> 'succeeded' OR "imports"."dataset_id" IS NOT NULL)
);
--> statement-breakpoint
ALTER TABLE "import_faults" ADD CONSTRAINT "import_faults_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_dataset_id_datasets_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."datasets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "imports_created_at_index" ON "imports" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "imports_open_index" ON "imports" USING btree ("created_at") WHERE "imports"."status" IN ('queued', 'running');