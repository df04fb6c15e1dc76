import { isJsonObject, recordIn, textIn, type JsonObject } from "../../../../lib/json.ts";
import { afterImport, answer, fields, request, user } from "./change-kinds.ts";
import type { ChangedBehaviour } from "./changeable-tenant.ts";

export const changedJobs: readonly ChangedBehaviour[] = [
  {
    fact: "import-job",
    behaviour: "does not count whom an import made",
    ...answer("GET /jobs/:id", (body) =>
      isJsonObject(body["summary"]) ? { ...body, summary: { ...body["summary"], inserted: 0 } } : body,
    ),
  },
  {
    fact: "import-replaces",
    behaviour: "merges the metadata of an import",
    ...afterImport((found) => {
      const updated = user(found, "updated");
      if (updated) updated.user_metadata = { old: true, ...updated.user_metadata };
    }),
  },
  {
    fact: "import-leaves-objects",
    behaviour: "takes away what an import's file leaves out",
    ...afterImport((found) => {
      delete user(found, "updated")?.app_metadata;
    }),
  },
  {
    fact: "import-leaves-users",
    behaviour: "deletes the connection's users who are not in an import's file",
    ...afterImport((found, tenant) => {
      tenant.users.delete(user(found, "bystander")?.user_id ?? "");
    }),
  },
  {
    fact: "import-unverifies",
    behaviour: "leaves an email verified whatever an import's file says",
    ...afterImport((found) => {
      const updated = user(found, "updated");
      if (updated) updated.email_verified = true;
    }),
  },
  {
    fact: "import-picture",
    behaviour: "gives imported users the picture that others have",
    ...afterImport((found) => {
      const inserted = user(found, "inserted");
      if (inserted) inserted.picture = String(inserted.picture).replace("secure.", "s.");
    }),
  },
  {
    fact: "import-refusals",
    behaviour: "names refused users by their whole id",
    ...answer("GET /jobs/:id/errors", (body) =>
      // The answer is a list.
      listed(body).map((refused) => {
        const sent = recordIn(refused, "user");
        return { ...refused, user: { ...sent, user_id: `auth0|${textIn(sent, "user_id")}` } };
      }),
    ),
  },
  {
    fact: "export-job",
    behaviour: "begins with an export at once",
    ...fields("POST /jobs/users-exports", { status: "processing" }),
  },
  {
    fact: "export-file",
    behaviour: "writes an export's fields in an order of its own",
    ...request("POST /jobs/users-exports", ({ fields: wanted }) => {
      if (Array.isArray(wanted)) wanted.reverse();
    }),
  },
];

function listed(body: unknown): JsonObject[] {
  return Array.isArray(body) ? (body as JsonObject[]) : [];
}
