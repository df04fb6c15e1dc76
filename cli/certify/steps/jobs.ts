import { gunzipSync } from "node:zlib";
import { ExpectedError } from "../../../lib/errors.ts";
import { valueIn } from "../../../lib/json.ts";
import { CallFailed, step, StepFailed, success, type CertifyContext } from "../context.ts";
import type { Answer } from "../tenant-calls.ts";
import { waitFor } from "../wait-for.ts";
import { bystander, importDatabase, updatedUser } from "./users.ts";

/** What the import is called at Auth0, as a run over many users names its own. */
export function externalId({ names }: CertifyContext): string {
  return `certify-${names.run}`;
}

/** The metadata that the import writes; it says nothing of the user's app_metadata, nor of the email being verified. */
export const importedMetadata = { new: true };

/** An import with upsert of a user who is there, one who is not, and one whose email is none; no mail is sent of it. */
export const usersImport = step("import", async (context) => {
  const { calls, names } = context;
  const database = await importDatabase(context);
  await updatedUser(context);
  await bystander(context);
  const row = (slot: "updated" | "inserted" | "refused") => ({
    user_id: names.localUserId(slot),
    email: names.email(slot),
  });
  const rows = [
    { ...row("updated"), user_metadata: importedMetadata },
    { ...row("inserted"), email_verified: true, name: "Certify Import" },
    { ...row("refused"), email: "no address" },
  ];
  const form = new FormData();
  form.set("users", new Blob([JSON.stringify(rows)], { type: "application/json" }), "users.json");
  form.set("connection_id", database.id);
  form.set("upsert", "true");
  form.set("send_completion_email", "false");
  form.set("external_id", externalId(context));
  const started = success(await calls.api("POST", "/jobs/users-imports", { body: form }), "importing users");
  return { started, ended: await endOf(context, started) };
});

/** The same for what an import does to users. @throws StepFailed of the import where it did not come to its end. */
export async function completedImport(context: CertifyContext): Promise<Answer> {
  const { started, ended } = await usersImport(context);
  if (valueIn(ended.body, "status") === "completed") return started;
  const failure = new CallFailed("importing users", {
    status: ended.status,
    body: { message: "the job failed" },
  });
  throw new StepFailed(usersImport.stepName, failure);
}

/** The fields that the export is asked for, the id first. */
export const exportedFields = ["user_id", "email", "email_verified", "user_metadata"];

/** An export of the run's own database and nothing else, after the import. */
export const usersExport = step("export", async (context) => {
  const { calls } = context;
  const database = await importDatabase(context);
  await updatedUser(context);
  const body = {
    connection_id: database.id,
    format: "json",
    fields: exportedFields.map((name) => ({ name })),
  };
  const started = success(await calls.api("POST", "/jobs/users-exports", { body }), "exporting users");
  return { started, ended: await endOf(context, started) };
});

/** The export's file, unpacked. */
export const exportFile = step("export's file", async (context) => {
  const { ended } = await usersExport(context);
  const location = valueIn(ended.body, "location");
  if (typeof location !== "string") {
    throw new StepFailed(usersExport.stepName, fileFailed("the job has no location", ended.status));
  }
  const answer = await fetch(location).catch((cause: unknown) => {
    throw new ExpectedError("auth0-unreachable", "The export's file could not be fetched.", { cause });
  });
  if (!answer.ok) throw fileFailed(`its server answered ${answer.status}`, answer.status);
  const bytes = Buffer.from(await answer.arrayBuffer());
  try {
    return gunzipSync(bytes).toString();
  } catch {
    throw fileFailed("it is not packed by gzip", answer.status);
  }
});

function fileFailed(message: string, status: number): CallFailed {
  return new CallFailed("reading the export's file", { status, body: { message } });
}

/** Fails where the job takes longer than a minute. */
async function endOf({ calls }: CertifyContext, started: Answer): Promise<Answer> {
  const id = encodeURIComponent(String(valueIn(started.body, "id")));
  return waitFor(
    async () => success(await calls.api("GET", `/jobs/${id}`), "looking at a job"),
    ({ body }) => ["completed", "failed"].includes(String(valueIn(body, "status"))),
    { withinMs: 60_000, what: "the end of the job" },
  );
}
