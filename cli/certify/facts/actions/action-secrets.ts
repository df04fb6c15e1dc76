import { isRecord, valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { actionScopes, ownAction, secretName, secretValue } from "../../steps/actions.ts";

export const actionSecrets: Fact = {
  id: "action-secrets",
  title: "An Action's secrets are read back by name and time of change, never by value",
  reliedOnBy: {
    document: "docs/guard-rails.md",
    code: ["auth0/actions-api.ts", "cli/drift/action-drift.ts"],
  },
  scopes: actionScopes,
  check: async (context) => {
    const { created } = await ownAction(context);
    const secrets = valueIn(created.body, "secrets");
    const [secret] = Array.isArray(secrets) ? secrets.filter(isRecord) : [];
    return compare({
      name: [secretName, valueIn(secret, "name")],
      "type of updated_at": ["string", typeof valueIn(secret, "updated_at")],
      "value in the answer": [false, JSON.stringify(created.body).includes(secretValue)],
    });
  },
};
