import type { JsonObject } from "./json.ts";

export interface JobError {
  code: string;
  message: string;
  path?: string;
}

/** A user of an import that was not taken, without the fields that are secret. */
export interface JobFailure {
  user: JsonObject;
  errors: JobError[];
}

interface JobBase {
  /** `job_` and 16 letters and digits. */
  id: string;
  status: "pending" | "completed" | "failed";
  created_at: string;
  /** When it does its work, in milliseconds since 1970. */
  dueAt: number;
  connection_id?: string;
}

export interface ExportField {
  name: string;
  export_as?: string;
}

export interface ExportJobRecord extends JobBase {
  type: "users_export";
  format: "json" | "csv";
  limit?: number;
  fields?: ExportField[];
}

export interface ImportJobRecord extends JobBase {
  type: "users_import";
  connection_id: string;
  upsert: boolean;
  send_completion_email: boolean;
  external_id?: string;
  /** What is to be imported; empty once it is done. */
  users: JsonObject[];
  failures: JobFailure[];
  /** Whether a fault has it end as failed. */
  fails?: boolean;
  summary?: { failed: number; updated: number; inserted: number; total: number };
}

export type JobRecord = ExportJobRecord | ImportJobRecord;
