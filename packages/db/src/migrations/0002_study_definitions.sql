ALTER TABLE "evaluations" ADD COLUMN "steps" integer;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "cell" text;--> statement-breakpoint
ALTER TABLE "studies" ADD COLUMN "definition" text;--> statement-breakpoint
ALTER TABLE "studies" ADD COLUMN "setting" jsonb;--> statement-breakpoint
ALTER TABLE "studies" ADD COLUMN "definition_hash" char(64);--> statement-breakpoint
CREATE UNIQUE INDEX "runs_study_id_cell_seed_key" ON "runs" USING btree ("study_id","cell","seed") WHERE "runs"."cell" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "studies_definition_index" ON "studies" USING btree ("definition","created_at");--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_cell_is_of_a_study" CHECK ("runs"."cell" IS NULL OR "runs"."study_id" IS NOT NULL);--> statement-breakpoint
ALTER TABLE "studies" ADD CONSTRAINT "studies_definition_is_whole" CHECK (num_nulls("studies"."definition", "studies"."setting", "studies"."definition_hash") IN (0, 3));