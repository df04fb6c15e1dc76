import { compare, type Fact } from "../../fact.ts";
import { linkedUser, linkScopes } from "../../steps/logins.ts";
import { readUser } from "../../steps/users.ts";

export const linkRoot: Fact = {
  id: "link-root",
  title: "A user with linked identities keeps the primary one's id, root picture, email and metadata",
  reliedOnBy: {
    document: "docs/people.md",
    code: ["auth0/user.ts", "sandbox/login-event.ts", "tenant/management/user-identities.ts"],
  },
  scopes: linkScopes,
  check: async (context) => {
    const { before } = await linkedUser(context);
    const after = await readUser(context, "first");
    const kept = ["user_id", "picture", "email", "user_metadata", "app_metadata"];
    return compare(
      Object.fromEntries(kept.map((name) => [name, [before.first[name], after[name]] as const])),
    );
  },
};
