import assert from "node:assert/strict";
import { encryptedKeys, reportingExpectedErrors } from "../../infra/program-frame.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { assertPrintable, hostile } from "../printable.ts";

describe("an expected error of the program", () => {
  it("reaches the engine, which prints it as it is, without what a terminal obeys", async () => {
    const failing = Promise.reject(new ExpectedError("tenant-refuses", `The tenant says: ${hostile}`));
    await assert.rejects(reportingExpectedErrors(failing), ({ message }: Error) => {
      assertPrintable(message, "error");
      assert.match(message, /^The tenant says: zz.*\[tenant-refuses\]$/s);
      return true;
    });
  });
});

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
