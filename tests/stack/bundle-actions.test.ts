import assert from "node:assert/strict";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { settingsWith } from "../policy/settings.ts";

describe("the bundled Actions", () => {
  it("are refused where Auth0 would refuse them for their size", () => {
    const allowedHosts = Array.from({ length: 4000 }, (_, index) => `images-${index}.cdn.acme.com`);
    assert.throws(() => bundleActions(settingsWith({ allowedHosts })), { code: "action-too-large" });
  });

  it("come in the order in which they run", () => {
    const bundles = bundleActions(settingsWith());
    assert.deepEqual(
      bundles.map(({ name }) => name),
      ["default-picture", "user-picture"],
    );
  });

  it("are the same bytes whatever order the settings' keys are in", () => {
    const { defaultUrl, ...others } = settingsWith();
    assert.deepEqual(bundleActions({ ...others, defaultUrl }), bundleActions(settingsWith()));
  });

  it("export one handler, require nothing and name no path of the machine", () => {
    for (const { code } of bundleActions(settingsWith())) {
      assert.match(code, /\nexports\.onExecutePostLogin = onExecutePostLogin;\n$/);
      assert.doesNotMatch(code, /require\(|\bimport\b|^export /m);
      assert.equal(code.includes(process.cwd()), false);
    }
  });

  it("are at most 12 kB together for an environment such as dev", () => {
    const allowedPrefixes = ["https://acme-dev-user-pictures.s3.eu-central-1.amazonaws.com/users/"];
    const defaultUrl =
      "https://acme-dev-user-pictures.s3.eu-central-1.amazonaws.com/default-40e290ac95f4053a.png";
    const bytes = bundleActions(settingsWith({ allowedPrefixes, defaultUrl })).map(({ code }) =>
      Buffer.byteLength(code),
    );
    assert.ok(bytes.reduce((sum, size) => sum + size) <= 12_000, `${bytes.join(" + ")} bytes`);
  });

  it("say in a header what made them, from what, with which settings", () => {
    const [bundle] = bundleActions(settingsWith());
    assert.match(bundle!.code, /^\/\/ default-picture: made by auth0-user-pictures \d+\.\d+\.\d+,/);
    assert.match(bundle!.code, /^\/\/ Sources: sha256 [0-9a-f]{64}$/m);
    const [, settings = ""] = /^const PICTURE_SETTINGS = (\{.*\});$/m.exec(bundle!.code) ?? [];
    assert.deepEqual(JSON.parse(settings), settingsWith());
  });
});
