import type { ImportJobRecord } from "../state/job-record.ts";
import { isJsonObject } from "../state/json.ts";
import type { JsonObject } from "../state/json.ts";
import { ManagementError } from "./management-error.ts";

type ImportForm = Pick<
  ImportJobRecord,
  "connection_id" | "upsert" | "send_completion_email" | "external_id" | "users"
>;

/** Auth0's limit for the file of an import: 500 KB. */
const maxFileBytes = 512_000;

/**
 * The form of an import, multipart/form-data with the file `users` (a JSON array). 400 for what is missing or no JSON, 413
 * for too large a file; no refusal's words were observed but those of the 413.
 */
export async function readImport(body: unknown, contentType = ""): Promise<ImportForm> {
  if (!Buffer.isBuffer(body)) throw badForm("Expected multipart/form-data with the file 'users'");
  const form = await parsedForm(body, contentType);
  const file = form.get("users");
  if (file === null) throw badForm("Missing required property: users");
  const bytes = typeof file === "string" ? Buffer.byteLength(file) : file.size;
  if (bytes > maxFileBytes) {
    throw new ManagementError(
      413,
      `Payload content length greater than maximum allowed: ${maxFileBytes}`,
      "invalid_body",
    );
  }
  const connection_id = textOf(form, "connection_id");
  if (connection_id === undefined) throw badForm("Missing required property: connection_id");
  const external_id = textOf(form, "external_id");
  return {
    connection_id,
    upsert: textOf(form, "upsert") === "true",
    send_completion_email: textOf(form, "send_completion_email") !== "false",
    ...(external_id === undefined ? {} : { external_id }),
    users: usersOf(typeof file === "string" ? file : await file.text()),
  };
}

async function parsedForm(body: Buffer, contentType: string): Promise<FormData> {
  try {
    // Deprecated as too greedy for servers on the internet; here the server's limit bounds a body, and one reads it: tests.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  } catch {
    throw badForm("The form cannot be read");
  }
}

function textOf(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function usersOf(text: string): JsonObject[] {
  let users: unknown;
  try {
    users = JSON.parse(text);
  } catch {
    throw badForm("Failed to parse users file JSON when importing users. Make sure it is valid JSON.");
  }
  if (!Array.isArray(users) || !users.every(isJsonObject)) {
    throw badForm("Expected an array of objects in the file 'users'");
  }
  return users;
}

function badForm(problem: string): ManagementError {
  return new ManagementError(400, `Payload validation error: '${problem}'.`, "invalid_body");
}
