import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { seenClaim } from "../../steps/actions.ts";
import { firstLogin, linkedUser, logIn, loginScopes } from "../../steps/logins.ts";
import { readUser } from "../../steps/users.ts";

export const linkedLogin: Fact = {
  id: "linked-login",
  title:
    "A login by a linked identity is the primary user's: its sub, and the primary root picture in the event",
  reliedOnBy: {
    document: "docs/architecture.md",
    code: ["sandbox/login-event.ts", "tenant/oidc/login-moments.ts", "actions/default-picture.ts"],
  },
  scopes: loginScopes,
  binds: true,
  check: async (context) => {
    await firstLogin(context);
    await linkedUser(context);
    const { claims } = await logIn(context, "second");
    const { picture } = await readUser(context, "first");
    return compare({
      sub: [context.names.userId("first"), claims["sub"]],
      "picture in the event": [picture, valueIn(claims[seenClaim], "picture")],
    });
  },
};
