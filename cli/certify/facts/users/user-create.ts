import { recordOf, recordsIn, valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { firstUser, password, userScopes } from "../../steps/users.ts";

export const userCreate: Fact = {
  id: "user-create",
  title:
    "A new database user has the id that was asked for behind auth0|, one identity, and no password in any answer",
  reliedOnBy: { document: "docs/people.md", code: ["auth0/user.ts", "tenant/state/user.ts"] },
  scopes: userScopes,
  shows: firstUser.stepName,
  check: async (context) => {
    const { status, body } = await firstUser(context);
    const { names } = context;
    const [identity, ...others] = recordsIn(recordOf(body), "identities");
    return compare({
      status: [201, status],
      user_id: [names.userId("first"), valueIn(body, "user_id")],
      email_verified: [true, valueIn(body, "email_verified")],
      identity: [
        { connection: names.database, provider: "auth0", user_id: names.localUserId("first") },
        {
          connection: valueIn(identity, "connection"),
          provider: valueIn(identity, "provider"),
          user_id: valueIn(identity, "user_id"),
        },
      ],
      "other identities": [0, others.length],
      "password in the answer": [false, JSON.stringify(body).includes(await password(context))],
    });
  },
};
