import { compare, type Fact } from "../../fact.ts";
import { boundAction, loginScopes } from "../../steps/logins.ts";

export const boundDelete: Fact = {
  id: "bound-delete",
  title: "An Action that is bound cannot be deleted (409)",
  reliedOnBy: {
    document: "docs/resources.md",
    code: ["infra/login-flow.ts", "tenant/management/actions.ts"],
  },
  scopes: loginScopes,
  binds: true,
  check: async (context) => {
    const { id } = await boundAction(context);
    const { status } = await context.calls.api("DELETE", `/actions/actions/${id}`);
    return compare({ status: [409, status] });
  },
};
