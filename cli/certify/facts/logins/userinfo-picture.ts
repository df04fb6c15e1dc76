import { valueIn } from "../../../../lib/json.ts";
import { success } from "../../context.ts";
import { compare, unknown, type Fact } from "../../fact.ts";
import { ownPicture } from "../../steps/actions.ts";
import { firstLogin, loginScopes } from "../../steps/logins.ts";

/** Custom claims are a snapshot of the login there, and standard claims current. What a standard claim is that an Action set, no document says. */
export const userinfoPicture: Fact = {
  id: "userinfo-picture",
  title: "/userinfo shows the picture claim that an Action set at the login",
  reliedOnBy: {
    document: "docs/picture-policy.md",
    code: ["tenant/oidc/accounts.ts", "actions/user-picture.ts"],
  },
  scopes: loginScopes,
  binds: true,
  check: async (context) => {
    const { answer, claims } = await firstLogin(context);
    if (claims["picture"] !== ownPicture)
      return unknown("the ID token does not have it either; see login-picture");
    const token = String(valueIn(answer.body, "access_token"));
    const { body } = success(await context.calls.userinfo(token), "asking /userinfo");
    return compare({
      sub: [context.names.userId("first"), valueIn(body, "sub")],
      picture: [ownPicture, valueIn(body, "picture")],
    });
  },
};
