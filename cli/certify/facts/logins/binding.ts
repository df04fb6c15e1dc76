import { compare, type Fact } from "../../fact.ts";
import { isSameFlow, withoutOwn } from "../../login-flow.ts";
import { boundAction, loginScopes } from "../../steps/logins.ts";

export const binding: Fact = {
  id: "binding",
  title: "The Login flow is written as a whole, and keeps the order and the names of what is bound",
  reliedOnBy: {
    document: "docs/shared-tenants.md",
    code: ["plugins/userpictures/flow/write-flow.ts", "tenant/management/bindings.ts"],
  },
  scopes: loginScopes,
  binds: true,
  shows: boundAction.stepName,
  check: async (context) => {
    const { id, before, after } = await boundAction(context);
    const last = after.at(-1);
    return compare({
      // Others' names stay out of the report.
      "others are as before": [true, isSameFlow(withoutOwn(after), before)],
      "the last is ours": [true, last?.actionId === id],
      "its display name": [context.names.action, last?.displayName],
    });
  },
};
