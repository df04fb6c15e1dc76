import assert from "node:assert/strict";
import {
  isUsableExternalId,
  parseExternalIdTemplate,
  parseStackConfig,
  readDiscourseSettings,
} from "../../../cli/discourse/discourse-settings.ts";
import { configNamespace } from "../../../stack/read-config.ts";

const env = {
  DISCOURSE_URL: "https://forum.acme.com/community/",
  DISCOURSE_API_KEY: "key-5e1f",
  DISCOURSE_CONNECT_SECRET: "a secret 5e1f",
};

function refusal(code: string, message: RegExp) {
  return (error: Error & { code?: string }) => {
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /5e1f/);
    return true;
  };
}

describe("the settings of Discourse", () => {
  it("are named together where they are missing or empty", () => {
    assert.throws(
      () => readDiscourseSettings({ DISCOURSE_API_KEY: " " }),
      refusal(
        "discourse-settings-missing",
        /DISCOURSE_URL \(or discourse:url\), DISCOURSE_API_KEY .*, and DISCOURSE_CONNECT_SECRET .* are not set/,
      ),
    );
  });

  it("are refused where a secret stands unencrypted in the stack's configuration", () => {
    const config = parseStackConfig({ "discourse:apiKey": { value: "key-5e1f", secret: false } });
    assert.throws(
      () => readDiscourseSettings({ ...env, DISCOURSE_API_KEY: "" }, config),
      refusal("discourse-secret-in-clear", /pulumi config set --secret discourse:apiKey/),
    );
  });

  for (const url of [
    "http://forum.acme.com",
    "forum.acme.com",
    "https://a:b@forum.acme.com",
    "https://forum.acme.com/?x=1",
  ]) {
    it(`are refused with the address ${url}`, () => {
      assert.throws(
        () => readDiscourseSettings({ ...env, DISCOURSE_URL: url }),
        refusal("discourse-settings-invalid", /^DISCOURSE_URL/),
      );
    });
  }

  it("are refused with a key that no header can hold", () => {
    assert.throws(
      () => readDiscourseSettings({ ...env, DISCOURSE_API_KEY: "key-5e1f\nApi-Username: root" }),
      refusal("discourse-settings-invalid", /^DISCOURSE_API_KEY/),
    );
  });

  it("come from the environment first, then from the stack's configuration", () => {
    const config = parseStackConfig({
      "discourse:url": { value: "https://other.acme.com", secret: false },
      "discourse:apiUsername": { value: "pictures-bot", secret: false },
      "discourse:externalId": { value: "{app_metadata.forum.id}", secret: false },
      [`${configNamespace}:allowedHosts`]: { objectValue: [], value: "[]", secret: false },
    });
    const settings = readDiscourseSettings(env, config);
    assert.equal(settings.url, "https://forum.acme.com/community");
    assert.equal(settings.apiKey, "key-5e1f");
    assert.equal(settings.apiUsername, "pictures-bot");
    assert.equal(settings.externalId({ user_id: "auth0|1", app_metadata: { forum: { id: 42 } } }), "42");
  });

  it("come from an encrypted configuration alone", () => {
    const config = parseStackConfig({
      "discourse:url": { value: "https://forum.acme.com", secret: false },
      "discourse:apiKey": { value: "key", secret: true },
      "discourse:connectSecret": { value: "secret", secret: true },
    });
    const { url, apiKey, apiUsername, connectSecret, externalId } = readDiscourseSettings({}, config);
    assert.deepEqual(
      { url, apiKey, apiUsername, connectSecret, id: externalId({ user_id: "auth0|1" }) },
      {
        url: "https://forum.acme.com",
        apiKey: "key",
        apiUsername: "system",
        connectSecret: "secret",
        id: "auth0|1",
      },
    );
  });
});

describe("the mapping to external ids", () => {
  for (const [template, why] of [
    ["acme", /no placeholder/],
    ["{user_id", /no placeholder, or a brace/],
    ["{user_id}}", /brace that is not closed/],
    ["{user_metadata.forum}", /users can change/],
    ["{email}", /users can change/],
    ["{app_metadata}", /unknown/],
    ["{identities.0.user_id}", /unknown/],
  ] as const) {
    it(`refuses ${template}`, () => {
      assert.throws(() => parseExternalIdTemplate(template), {
        code: "discourse-settings-invalid",
        message: why,
      });
    });
  }

  it("gives none where the user lacks what it names", () => {
    const template = parseExternalIdTemplate("{app_metadata.forum.id}");
    for (const app_metadata of [
      undefined,
      null,
      {},
      { forum: null },
      { forum: { id: "" } },
      { forum: { id: {} } },
    ]) {
      assert.equal(template({ user_id: "auth0|1", app_metadata }), undefined);
    }
  });

  it("puts every value in its place", () => {
    const template = parseExternalIdTemplate("acme-{app_metadata.n}-{user_id}");
    assert.equal(template({ user_id: "auth0|$&", app_metadata: { n: 7 } }), "acme-7-auth0|$&");
  });

  it("knows the ids that Discourse cannot look up", () => {
    assert.deepEqual(
      ["auth0|1", "", " ", "nil", "None", "a/b", "a\nb", "a.json", "0"].filter((id) =>
        isUsableExternalId(id),
      ),
      ["auth0|1", "0"],
    );
  });
});
