import { isRecord, recordsIn, valueIn } from "../../../../lib/json.ts";
import { success } from "../../context.ts";
import { compare, type Fact } from "../../fact.ts";
import { completedImport } from "../../steps/jobs.ts";
import { userScopes } from "../../steps/users.ts";

export const importRefusals: Fact = {
  id: "import-refusals",
  title:
    "Of a user whom an import refuses, the job's errors name the id as it was sent, and a code with a path",
  reliedOnBy: { document: "docs/bulk.md", code: ["cli/bulk/import-file.ts", "tenant/management/jobs.ts"] },
  scopes: userScopes,
  check: async (context) => {
    const started = await completedImport(context);
    const id = encodeURIComponent(String(valueIn(started.body, "id")));
    const { body } = success(await context.calls.api("GET", `/jobs/${id}/errors`), "reading a job's errors");
    const refused = Array.isArray(body) ? body.filter(isRecord) : [];
    const [error] = recordsIn(refused[0] ?? {}, "errors");
    return compare({
      ids: [[context.names.localUserId("refused")], refused.map((each) => valueIn(each, "user", "user_id"))],
      "type of code": ["string", typeof valueIn(error, "code")],
      path: ["email", valueIn(error, "path")],
    });
  },
};
