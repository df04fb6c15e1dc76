import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { seenClaim } from "../../steps/actions.ts";
import { firstLogin, loginScopes } from "../../steps/logins.ts";

export const loginEvent: Fact = {
  id: "login-event",
  title:
    "A login's event always has user_metadata, app_metadata, identities, the connection's strategy and the scopes",
  reliedOnBy: {
    document: "docs/architecture.md",
    code: ["policy/login.ts", "policy/own-picture.ts", "sandbox/login-event.ts"],
  },
  scopes: loginScopes,
  binds: true,
  check: async (context) => {
    const seen = (await firstLogin(context)).claims[seenClaim];
    return compare({
      user_metadata: ["object", valueIn(seen, "user_metadata")],
      app_metadata: ["object", valueIn(seen, "app_metadata")],
      "identities are a list": [true, Number(valueIn(seen, "identities")) > 0],
      strategy: ["auth0", valueIn(seen, "strategy")],
      "requested_scopes are a list": [true, valueIn(seen, "scopes")],
    });
  },
};
