import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";

export const userMissing: Fact = {
  id: "user-missing",
  title: "A user who does not exist is 404 inexistent_user",
  reliedOnBy: { document: "docs/people.md", code: ["auth0/tenant-users.ts", "tenant/management/users.ts"] },
  scopes: ["read:users"],
  check: async ({ calls, names }) => {
    const id = encodeURIComponent(`${names.userId("first")}-nobody`);
    const { status, body } = await calls.api("GET", `/users/${id}`);
    return compare({
      status: [404, status],
      statusCode: [404, valueIn(body, "statusCode")],
      errorCode: ["inexistent_user", valueIn(body, "errorCode")],
    });
  },
};
