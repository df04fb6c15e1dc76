import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { usersExport } from "../../steps/jobs.ts";
import { importDatabase, userScopes } from "../../steps/users.ts";

export const exportJob: Fact = {
  id: "export-job",
  title: "An export of one connection is a job that ends, and says where its file is",
  reliedOnBy: { document: "docs/bulk.md", code: ["auth0/jobs.ts", "tenant/management/jobs.ts"] },
  scopes: userScopes,
  shows: usersExport.stepName,
  check: async (context) => {
    const { started, ended } = await usersExport(context);
    const { id } = await importDatabase(context);
    return compare({
      type: ["users_export", valueIn(started.body, "type")],
      "status right away": ["pending", valueIn(started.body, "status")],
      connection_id: [id, valueIn(started.body, "connection_id")],
      "status at its end": ["completed", valueIn(ended.body, "status")],
      "type of location": ["string", typeof valueIn(ended.body, "location")],
    });
  },
};
