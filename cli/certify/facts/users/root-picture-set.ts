import { compare, type Fact } from "../../fact.ts";
import { firstUser, patchUser, readUser, rootPicture, userScopes } from "../../steps/users.ts";

export const rootPictureSet: Fact = {
  id: "root-picture-set",
  title: "A database user's root picture can be replaced",
  reliedOnBy: { document: "docs/people.md", code: ["cli/people/set-root-plan.ts", "auth0/tenant-users.ts"] },
  scopes: userScopes,
  check: async (context) => {
    await firstUser(context);
    await patchUser(context, "first", { picture: rootPicture }, "replacing a root picture");
    const { picture } = await readUser(context, "first");
    return compare({ picture: [rootPicture, picture] });
  },
};
