import { compare, unknown, type Fact } from "../../fact.ts";
import { isSameFlow, readFlow, unbindOwn, withoutOwn } from "../../login-flow.ts";
import { boundAction, loginScopes } from "../../steps/logins.ts";

export const unbinding: Fact = {
  id: "unbinding",
  title: "The Login flow without our Action is what it was before, and stays so",
  reliedOnBy: {
    document: "docs/shared-tenants.md",
    code: ["plugins/userpictures/flow/shared-flow.ts", "tenant/management/bindings.ts"],
  },
  scopes: loginScopes,
  binds: true,
  check: async (context) => {
    const { before } = await boundAction(context);
    const { calls } = context;
    const others = withoutOwn(await readFlow(calls));
    if (!isSameFlow(others, before)) {
      await unbindOwn(calls);
      return unknown("others changed the Login flow meanwhile; only our own Action was taken out");
    }
    const wasEnough = await unbindOwn(calls);
    return compare({
      "one write is enough": [true, wasEnough],
      "as before": [true, isSameFlow(await readFlow(calls), before)],
    });
  },
};
