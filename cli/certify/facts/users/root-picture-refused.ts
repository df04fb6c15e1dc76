import { compare, type Fact } from "../../fact.ts";
import { firstUser, readUser, userScopes } from "../../steps/users.ts";

export const rootPictureRefused: Fact = {
  id: "root-picture-refused",
  title: "An empty text is refused as a root picture (400), and changes nothing",
  reliedOnBy: {
    document: "docs/people.md",
    code: ["cli/people/forget-plan.ts", "tenant/management/users.ts"],
  },
  scopes: userScopes,
  check: async (context) => {
    await firstUser(context);
    const before = await readUser(context, "first");
    const path = `/users/${encodeURIComponent(context.names.userId("first"))}`;
    const { status } = await context.calls.api("PATCH", path, { body: { picture: "" } });
    const after = await readUser(context, "first");
    return compare({ status: [400, status], picture: [before["picture"], after["picture"]] });
  },
};
