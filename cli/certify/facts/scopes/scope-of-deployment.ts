import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { actionScopes, builtAction } from "../../steps/actions.ts";
import { clientScopes, limitedToken } from "../../steps/clients.ts";

/** Auth0's API description says so; other texts of its say update:actions. Whoever deploys here asks for both. */
export const scopeOfDeployment: Fact = {
  id: "scope-of-deployment",
  title: "A deployment needs create:actions: update:actions is not enough",
  reliedOnBy: {
    document: "docs/local-tenant.md",
    code: ["stack/client-capabilities.ts", "tenant/management/actions.ts"],
  },
  scopes: [...clientScopes, ...actionScopes],
  check: async (context) => {
    const { id } = await builtAction(context);
    const { token } = await limitedToken(context);
    const { status, body } = await context.calls.api("POST", `/actions/actions/${id}/deploy`, { token });
    const message = valueIn(body, "message");
    return compare({
      status: [403, status],
      "message names create:actions": [
        true,
        typeof message === "string" && message.includes("create:actions"),
      ],
    });
  },
};
