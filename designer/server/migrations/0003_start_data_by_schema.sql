ALTER TABLE "start_data" ADD COLUMN "schema_hash" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "start_data" ADD COLUMN "taken_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "start_data" DROP CONSTRAINT "start_data_pkey";--> statement-breakpoint
ALTER TABLE "start_data" ADD CONSTRAINT "start_data_project_id_schema_hash_pk" PRIMARY KEY("project_id","schema_hash");
