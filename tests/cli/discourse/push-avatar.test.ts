import assert from "node:assert/strict";
import { signPayload } from "../../../cli/discourse/push-avatar.ts";

describe("a signed DiscourseConnect message", () => {
  it("is that of the example which Discourse published", () => {
    const nonce = "cb68251eefb5211e58c00ff1395f0c0b";
    assert.deepEqual(signPayload({ nonce }, "d836444a9e4084d5b224a60c208dce14"), {
      sso: "bm9uY2U9Y2I2ODI1MWVlZmI1MjExZTU4YzAwZmYxMzk1ZjBjMGI=",
      sig: "1ce1494f94484b6f6a092be9b15ccc1cdafb1f8460a3838fbb0e0883c4390471",
    });
  });

  it("keeps every character of its fields", () => {
    const fields = { external_id: "a|b&c=d+e f%é", avatar_url: "https://img.acme.com/a.png?x=1&y=2" };
    const { sso } = signPayload(fields, "secret");
    const read = new URLSearchParams(Buffer.from(sso, "base64").toString());
    assert.deepEqual(Object.fromEntries(read), fields);
  });
});
