import { compare, type Fact } from "../../fact.ts";
import { actionScopes, testedAction, thrownWords } from "../../steps/actions.ts";

export const actionTestWrapped: Fact = {
  id: "action-test-wrapped",
  title: "A test run gives payload.event to the Action as its event",
  reliedOnBy: {
    document: "docs/local-tenant.md",
    code: ["cli/try/run-in-tenant.ts", "tenant/management/action-test.ts"],
  },
  scopes: actionScopes,
  shows: testedAction.stepName,
  check: async (context) => {
    const { body } = await testedAction(context);
    return compare({ "the event arrived": [true, JSON.stringify(body).includes(thrownWords)] });
  },
};
