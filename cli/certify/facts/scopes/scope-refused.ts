import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { clientScopes, limitedToken } from "../../steps/clients.ts";

export const scopeRefused: Fact = {
  id: "scope-refused",
  title: "A call without its scope is 403 insufficient_scope, and the message names the scope",
  reliedOnBy: {
    document: "docs/management-client.md",
    code: ["auth0/management-client.ts", "tenant/management/authorize.ts"],
  },
  scopes: clientScopes,
  check: async (context) => {
    const { token } = await limitedToken(context);
    const { status, body } = await context.calls.api("GET", "/clients?per_page=1", { token });
    const message = valueIn(body, "message");
    return compare({
      status: [403, status],
      errorCode: ["insufficient_scope", valueIn(body, "errorCode")],
      "message names read:clients": [true, typeof message === "string" && message.includes("read:clients")],
    });
  },
};
