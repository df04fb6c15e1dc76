import { success } from "../../context.ts";
import { compare, type Fact } from "../../fact.ts";
import { identitiesIn, linkedUser, linkScopes } from "../../steps/logins.ts";
import { readUser } from "../../steps/users.ts";

export const unlink: Fact = {
  id: "unlink",
  title: "An identity that is unlinked is a user of its own again, without metadata",
  reliedOnBy: { document: "docs/people.md", code: ["tenant/management/user-identities.ts"] },
  scopes: linkScopes,
  check: async (context) => {
    await linkedUser(context);
    const { calls, names } = context;
    const path = `/users/${encodeURIComponent(names.userId("first"))}/identities/auth0/${names.localUserId("second")}`;
    const { body } = success(await calls.api("DELETE", path), "unlinking an identity");
    const { user_id: id, user_metadata: metadata = {} } = await readUser(context, "second");
    return compare({
      "identities that stay": [[names.userId("first")], identitiesIn(body)],
      user_id: [names.userId("second"), id],
      user_metadata: [{}, metadata],
    });
  },
};
