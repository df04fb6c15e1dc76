import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { externalId, usersImport } from "../../steps/jobs.ts";
import { userScopes } from "../../steps/users.ts";

export const importJob: Fact = {
  id: "import-job",
  title: "An import of users is a job that ends, and counts who was updated, inserted and refused",
  reliedOnBy: {
    document: "docs/bulk.md",
    code: ["cli/bulk/import-file.ts", "auth0/jobs.ts", "tenant/management/jobs.ts"],
  },
  scopes: userScopes,
  shows: usersImport.stepName,
  check: async (context) => {
    const { started, ended } = await usersImport(context);
    const counted = (field: string) => valueIn(ended.body, "summary", field);
    return compare({
      status: [202, started.status],
      type: ["users_import", valueIn(started.body, "type")],
      "status right away": ["pending", valueIn(started.body, "status")],
      external_id: [externalId(context), valueIn(started.body, "external_id")],
      "status at its end": ["completed", valueIn(ended.body, "status")],
      "updated, inserted, failed, total": [
        [1, 1, 1, 3],
        ["updated", "inserted", "failed", "total"].map(counted),
      ],
    });
  },
};
