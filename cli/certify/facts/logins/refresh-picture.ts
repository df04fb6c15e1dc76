import { valueIn } from "../../../../lib/json.ts";
import { compare, unknown, type Fact } from "../../fact.ts";
import { ownPicture, seenClaim } from "../../steps/actions.ts";
import { firstLogin, loginScopes, refreshedLogin } from "../../steps/logins.ts";

export const refreshPicture: Fact = {
  id: "refresh-picture",
  title:
    "A refresh runs the Actions again, with the protocol oauth2-refresh-token, and its ID token has their picture",
  reliedOnBy: {
    document: "docs/picture-policy.md",
    code: ["sandbox/login-event.ts", "tenant/oidc/login-moments.ts"],
  },
  scopes: loginScopes,
  binds: true,
  shows: refreshedLogin.stepName,
  check: async (context) => {
    const first = await firstLogin(context);
    if (first.claims["picture"] !== ownPicture) return unknown("no login has it; see login-picture");
    const { claims } = await refreshedLogin(context);
    return compare({
      picture: [ownPicture, claims["picture"]],
      protocol: ["oauth2-refresh-token", valueIn(claims[seenClaim], "protocol")],
    });
  },
};
