import { compare, type Fact } from "../../fact.ts";
import { ownPicture } from "../../steps/actions.ts";
import { firstLogin, loginScopes } from "../../steps/logins.ts";

export const loginPicture: Fact = {
  id: "login-picture",
  title: "A picture claim that an Action sets is in the ID token, instead of the root picture",
  reliedOnBy: {
    document: "docs/picture-policy.md",
    code: ["actions/user-picture.ts", "actions/default-picture.ts", "tenant/oidc/accounts.ts"],
  },
  scopes: loginScopes,
  binds: true,
  shows: firstLogin.stepName,
  check: async (context) => {
    const { answer, claims } = await firstLogin(context);
    return compare({
      status: [200, answer.status],
      sub: [context.names.userId("first"), claims["sub"]],
      picture: [ownPicture, claims["picture"]],
    });
  },
};
