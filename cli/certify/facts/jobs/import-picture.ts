import { compare, type Fact } from "../../fact.ts";
import { completedImport } from "../../steps/jobs.ts";
import { readUser, userScopes } from "../../steps/users.ts";

export const importPicture: Fact = {
  id: "import-picture",
  title: "A user whom an import makes gets a root picture of secure.gravatar.com",
  reliedOnBy: {
    document: "docs/picture-policy.md",
    code: ["policy/root-picture.ts", "tenant/state/user-files.ts"],
  },
  scopes: userScopes,
  check: async (context) => {
    await completedImport(context);
    const { picture } = await readUser(context, "inserted");
    const start = typeof picture === "string" ? picture.split("/avatar/", 1)[0] : picture;
    return compare({ "picture's server": ["https://secure.gravatar.com", start] });
  },
};
