import { compare, type Fact } from "../../fact.ts";
import { completedImport } from "../../steps/jobs.ts";
import { readUser, userScopes } from "../../steps/users.ts";

export const importUnverifies: Fact = {
  id: "import-unverifies",
  title: "An import with upsert makes an email unverified that its file does not call verified",
  reliedOnBy: { document: "docs/bulk.md", code: ["cli/bulk/import-pack.ts", "tenant/state/user-files.ts"] },
  scopes: userScopes,
  check: async (context) => {
    await completedImport(context);
    const { email_verified: verified } = await readUser(context, "updated");
    return compare({ email_verified: [false, verified] });
  },
};
