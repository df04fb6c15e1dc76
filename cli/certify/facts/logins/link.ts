import { isRecord, valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { identitiesIn, linkedUser, linkScopes } from "../../steps/logins.ts";

export const link: Fact = {
  id: "link",
  title:
    "Linking answers with the identities, the primary one first, and the linked one with its former profile",
  reliedOnBy: {
    document: "docs/people.md",
    code: ["auth0/user.ts", "tenant/management/user-identities.ts", "tenant/state/user.ts"],
  },
  scopes: linkScopes,
  shows: linkedUser.stepName,
  check: async (context) => {
    const { linked } = await linkedUser(context);
    const { names } = context;
    const identities = Array.isArray(linked.body) ? linked.body.filter(isRecord) : [];
    return compare({
      status: [201, linked.status],
      identities: [[names.userId("first"), names.userId("second")], identitiesIn(linked.body)],
      "profileData.email of the linked one": [
        names.email("second"),
        valueIn(identities[1], "profileData", "email"),
      ],
    });
  },
};
