import { compare, type Fact } from "../../fact.ts";
import { success } from "../../context.ts";
import { actionScopes, builtAction, testEvent, thrownWords } from "../../steps/actions.ts";

export const actionTestBare: Fact = {
  id: "action-test-bare",
  title: "A test run does not take payload itself for the event",
  reliedOnBy: {
    document: "docs/local-tenant.md",
    code: ["cli/try/run-in-tenant.ts", "tenant/management/action-test.ts"],
  },
  scopes: actionScopes,
  check: async (context) => {
    const { id } = await builtAction(context);
    const request = { body: { payload: testEvent(context) } };
    const tested = success(
      await context.calls.api("POST", `/actions/actions/${id}/test`, request),
      "testing an Action with the event as payload",
    );
    return compare({ "the event arrived": [false, JSON.stringify(tested.body).includes(thrownWords)] });
  },
};
