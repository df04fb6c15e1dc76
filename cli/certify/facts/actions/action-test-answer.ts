import { isRecord, valueIn } from "../../../../lib/json.ts";
import { compare, unknown, type Fact } from "../../fact.ts";
import { actionScopes, testedAction, thrownWords } from "../../steps/actions.ts";

export const actionTestAnswer: Fact = {
  id: "action-test-answer",
  title:
    "A test run answers what the Action threw as payload.error, with name, message and stack, beside payload.stats",
  reliedOnBy: {
    document: "docs/local-tenant.md",
    code: ["cli/try/run-in-tenant.ts", "tenant/management/action-test.ts"],
  },
  scopes: actionScopes,
  check: async (context) => {
    const { status, body } = await testedAction(context);
    if (!JSON.stringify(body).includes(thrownWords))
      return unknown("the Action threw nothing; see action-test-wrapped");
    const types = ["name", "message", "stack"].map(
      (field) => typeof valueIn(body, "payload", "error", field),
    );
    return compare({
      status: [200, status],
      "types of name, message and stack": [["string", "string", "string"], types],
      "stats is an object": [true, isRecord(valueIn(body, "payload", "stats"))],
    });
  },
};
