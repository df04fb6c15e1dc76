import { compare, type Fact } from "../../fact.ts";
import { completedImport } from "../../steps/jobs.ts";
import { userScopes } from "../../steps/users.ts";

export const importLeavesUsers: Fact = {
  id: "import-leaves-users",
  title: "A user of the connection who is not in the import's file is still there",
  reliedOnBy: { document: "docs/bulk.md", code: ["cli/bulk/import-waves.ts", "tenant/state/user-files.ts"] },
  scopes: userScopes,
  check: async (context) => {
    await completedImport(context);
    const id = encodeURIComponent(context.names.userId("bystander"));
    const { status } = await context.calls.api("GET", `/users/${id}`);
    return compare({ "status of a look at that user": [200, status] });
  },
};
