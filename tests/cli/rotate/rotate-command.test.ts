import assert from "node:assert/strict";
import { picturesProgram } from "../../../cli/pictures-program.ts";
import { describeRotation } from "../../../cli/rotate/rotate-client.ts";
import { recordedRun } from "../recorded-run.ts";

describe("pictures rotate", () => {
  it("does nothing where it may not ask", async () => {
    const { code, err } = await recordedRun(picturesProgram(), "rotate", "--stack", "dev");
    assert.equal(code, 3);
    assert.match(err, /to stack dev's client.*Go on\?.*--yes.*\[confirmation-needed\]/s);
  });

  it("tells people after the first phase what to move, and how to end it", () => {
    const secret = describeRotation("dev", { kind: "secret", phase: "begun", clientId: "abc" });
    assert.match(secret, /PICTURES_CLIENT_ID +abc/);
    assert.match(secret, /pictures rotate --finish --stack dev/);
    const key = describeRotation("dev", { kind: "key", phase: "begun", clientId: "abc" });
    assert.match(key, /pulumi config get clientNextPrivateKey --stack dev/);
    assert.doesNotMatch(key, /PICTURES_CLIENT_ID/);
  });

  it("tells people at the end what works now", () => {
    const text = describeRotation("dev", { kind: "key", phase: "finished", clientId: "abc" });
    assert.match(text, /Client abc works with its new key; the old key is gone/);
    assert.match(text, /Pulumi\.dev\.yaml has changed: commit it/);
  });
});
