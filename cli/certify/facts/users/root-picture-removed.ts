import { compare, type Fact } from "../../fact.ts";
import { firstUser, patchUser, readUser, userScopes } from "../../steps/users.ts";

/** Auth0's API description says that root attributes of database users cannot be removed, a guide says that null does it. */
export const rootPictureRemoved: Fact = {
  id: "root-picture-removed",
  title: "Null removes a database user's root picture",
  reliedOnBy: {
    document: "docs/local-tenant.md",
    code: ["cli/people/forget-plan.ts", "auth0/tenant-users.ts", "tenant/management/users.ts"],
  },
  scopes: userScopes,
  check: async (context) => {
    await firstUser(context);
    await patchUser(context, "first", { picture: null }, "removing a root picture");
    const { picture } = await readUser(context, "first");
    return compare({ picture: [undefined, picture] });
  },
};
