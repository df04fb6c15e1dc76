import { createHash } from "node:crypto";
import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { firstUser, userScopes } from "../../steps/users.ts";

export const defaultPicture: Fact = {
  id: "default-picture",
  title:
    "A new user's root picture is Gravatar's by MD5, with Auth0's image of the name's initials behind it",
  reliedOnBy: {
    document: "docs/picture-policy.md",
    code: ["policy/root-picture.ts", "tenant/state/user.ts"],
  },
  scopes: userScopes,
  check: async (context) => {
    const { body } = await firstUser(context);
    const hash = createHash("md5").update(context.names.email("first")).digest("hex");
    const placeholder = encodeURIComponent("https://cdn.auth0.com/avatars/cu.png");
    return compare({
      picture: [
        `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${placeholder}`,
        valueIn(body, "picture"),
      ],
    });
  },
};
