import { compare, type Fact } from "../../fact.ts";
import { firstUser, patchUser, readUser, userScopes } from "../../steps/users.ts";

export const metadataEmpty: Fact = {
  id: "metadata-empty",
  title: "An empty object empties metadata: user_metadata is {} then, and app_metadata is absent",
  reliedOnBy: { document: "docs/user-pictures.md", code: ["tenant/state/user.ts"] },
  scopes: userScopes,
  check: async (context) => {
    await firstUser(context);
    const empty = { user_metadata: {}, app_metadata: {} };
    await patchUser(context, "first", empty, "emptying a user's metadata");
    const { user_metadata: user, app_metadata: app } = await readUser(context, "first");
    return compare({ user_metadata: [{}, user], app_metadata: [undefined, app] });
  },
};
