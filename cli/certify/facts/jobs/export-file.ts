import { parseJson, valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { userSlots } from "../../own-names.ts";
import { exportedFields, exportFile } from "../../steps/jobs.ts";
import { userScopes } from "../../steps/users.ts";

export const exportedUsers: Fact = {
  id: "export-file",
  title:
    "An export's file is packed by gzip and has a user as JSON on each line, the fields in the order that was asked for",
  reliedOnBy: {
    document: "docs/bulk.md",
    code: ["auth0/jobs.ts", "auth0/users-file.ts", "tenant/state/user-files.ts"],
  },
  scopes: userScopes,
  shows: exportFile.stepName,
  check: async (context) => {
    const lines = (await exportFile(context)).split("\n").filter((line) => line.trim() !== "");
    const users = lines.map(parseJson);
    const ids = users.map((user) => valueIn(user, "user_id"));
    const own: unknown[] = userSlots.map(context.names.userId);
    const found = users[ids.indexOf(context.names.userId("updated"))];
    return compare({
      "lines that do not begin with user_id": [
        0,
        lines.filter((line) => !line.startsWith('{"user_id":"')).length,
      ],
      "users of other connections": [0, ids.filter((id) => !own.includes(id)).length],
      "the user is in it": [true, found !== undefined],
      fields: [exportedFields, Object.keys(found ?? {})],
    });
  },
};
