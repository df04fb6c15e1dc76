import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { clientScopes, limitedScopes, limitedToken } from "../../steps/clients.ts";

export const grantedScopes: Fact = {
  id: "granted-scopes",
  title: "A machine-to-machine application's token has the scopes of its grant, and says so",
  reliedOnBy: {
    document: "docs/management-client.md",
    code: ["auth0/management-token.ts", "tenant/token/client-credentials-grant.ts"],
  },
  scopes: clientScopes,
  shows: limitedToken.stepName,
  check: async (context) => {
    const { status, body } = (await limitedToken(context)).answer;
    const scope = valueIn(body, "scope");
    return compare({
      status: [200, status],
      token_type: ["bearer", String(valueIn(body, "token_type")).toLowerCase()],
      scope: [limitedScopes, typeof scope === "string" ? scope.split(" ").toSorted() : scope],
    });
  },
};
