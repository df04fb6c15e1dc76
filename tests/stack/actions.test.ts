import assert from "node:assert/strict";
import { readBundleHeader } from "../../stack/actions.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { settingsWith } from "../policy/settings.ts";

describe("a bundle's header", () => {
  const code = (): string => bundleActions(settingsWith())[0]!.code;

  it("is none in code of somebody else, and where it was edited", () => {
    assert.equal(readBundleHeader("exports.onExecutePostLogin = async () => {};"), undefined);
    assert.equal(readBundleHeader(` ${code()}`), undefined);
    assert.equal(readBundleHeader(code().replace('{"defaultUrl":', '{"defaultUrl"')), undefined);
  });

  it("tells the Action, the sources and the settings", () => {
    const header = readBundleHeader(code());
    assert.equal(header?.name, "default-picture");
    assert.match(header.sourceHash, /^[0-9a-f]{64}$/);
    assert.deepEqual(header.settings, settingsWith());
  });
});
