import { compare, type Fact } from "../../fact.ts";
import { completedImport } from "../../steps/jobs.ts";
import { readUser, userScopes } from "../../steps/users.ts";

/** Where blocks are: an import that took them away would show a blocked picture again. */
export const importLeavesObjects: Fact = {
  id: "import-leaves-objects",
  title: "An import with upsert leaves app_metadata as it is where its file has none",
  reliedOnBy: { document: "docs/bulk.md", code: ["cli/bulk/import-pack.ts", "tenant/state/user-files.ts"] },
  scopes: userScopes,
  check: async (context) => {
    await completedImport(context);
    const { app_metadata: metadata } = await readUser(context, "updated");
    return compare({ app_metadata: [{ certify: "stays" }, metadata] });
  },
};
