import { compare, type Fact } from "../../fact.ts";
import { firstUser, patchUser, readUser, userScopes } from "../../steps/users.ts";

export const metadataMerge: Fact = {
  id: "metadata-merge",
  title:
    "Metadata merges at its first level: a key that is left out stays, null removes one, an object is replaced",
  reliedOnBy: {
    document: "docs/user-pictures.md",
    code: ["cli/people/write-change.ts", "cli/people/picture-change.ts", "tenant/state/user.ts"],
  },
  scopes: userScopes,
  check: async (context) => {
    await firstUser(context);
    const changes = { nested: { a: 3 }, removed: null };
    await patchUser(context, "first", { user_metadata: changes }, "changing a user's metadata");
    const { user_metadata: merged } = await readUser(context, "first");
    return compare({ user_metadata: [{ nested: { a: 3 }, kept: "yes" }, merged] });
  },
};
