import assert from "node:assert/strict";
import { encryptedKeys } from "../../infra/program-frame.ts";

describe("the encrypted keys of a stack", () => {
  it("are none where the language host names none, or nothing that can be read", () => {
    for (const env of [
      {},
      { PULUMI_CONFIG_SECRET_KEYS: "a:b" },
      { PULUMI_CONFIG_SECRET_KEYS: '{"a:b":true}' },
    ]) {
      assert.deepEqual([...encryptedKeys(env)], []);
    }
  });

  it("are those that the host names, in both of its notations", () => {
    const env = { PULUMI_CONFIG_SECRET_KEYS: '["a:b","c:config:d"]' };
    assert.deepEqual([...encryptedKeys(env)], ["a:b", "c:d"]);
  });
});
