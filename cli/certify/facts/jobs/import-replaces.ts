import { compare, type Fact } from "../../fact.ts";
import { importedMetadata, completedImport } from "../../steps/jobs.ts";
import { readUser, userScopes } from "../../steps/users.ts";

export const importReplaces: Fact = {
  id: "import-replaces",
  title: "An import with upsert replaces the user_metadata that its file has as a whole",
  reliedOnBy: { document: "docs/bulk.md", code: ["cli/bulk/import-pack.ts", "tenant/state/user-files.ts"] },
  scopes: userScopes,
  check: async (context) => {
    await completedImport(context);
    const { user_metadata: metadata } = await readUser(context, "updated");
    return compare({ user_metadata: [importedMetadata, metadata] });
  },
};
