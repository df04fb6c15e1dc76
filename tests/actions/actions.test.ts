import assert from "node:assert/strict";
import type { PostLoginApi } from "../../actions/post-login.ts";
import { fingerprintOf } from "../../policy/picture-copy.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { brokenPromise } from "../policy/invariant.ts";
import { settingsWith } from "../policy/settings.ts";
import { loadBundle, runActions } from "./run-bundle.ts";

const settings = settingsWith({
  gravatar: "never",
  copies: "show",
  allowedPrefixes: ["https://img.acme.com/users/"],
});
const actions = bundleActions(settings).map(loadBundle);
const own = "https://img.acme.com/users/jd.png";

describe("the Actions never break a login", () => {
  const million = "x".repeat(1_000_000);
  const throwing = new Proxy(
    {},
    {
      getOwnPropertyDescriptor: () => {
        throw new Error("no");
      },
      get: () => {
        throw new Error("no");
      },
    },
  );
  const hostile: Record<string, unknown> = {
    "no event": undefined,
    "a number for an event": 7,
    "null everywhere": { user: null, connection: null, client: null, transaction: null },
    "lists everywhere": { user: [], connection: [], client: [], transaction: [] },
    "a megabyte of picture": {
      user: { picture: `https://${million}.com/`, user_metadata: { picture: million } },
    },
    "a megabyte of blanks": { user: { user_metadata: { picture: " ".repeat(1_000_000) } } },
    "a megabyte of dots": { user: { user_metadata: { picture: `https://${".".repeat(1_000_000)}` } } },
    "lone surrogates": { user: { picture: "https://\ud800.com/", user_metadata: { picture: "\udfff" } } },
    "text that runs right to left": { user: { picture: "https://مثال.إختبار/\u202egnp.a" } },
    "prototype keys in metadata": parseJson(
      '{"user":{"user_metadata":{"__proto__":{"picture":""},"constructor":null},"app_metadata":{"__proto__":{"picture_blocked":true}}}}',
    ),
    "an object that throws when it is read": { user: throwing, transaction: throwing },
    "a copy of a megabyte": {
      user: {
        picture: `data:${million}`,
        app_metadata: { picture_copy: { of: fingerprintOf(million), url: own } },
      },
    },
    "a copy of a megabyte of parameters": {
      user: {
        picture: `https://media.licdn.com/?${"e=1&".repeat(250_000)}`,
        app_metadata: { picture_copy: { of: million, url: own } },
      },
    },
    "a copy that throws when it is read": {
      user: { picture: own, app_metadata: { picture_copy: throwing } },
    },
    "a copy that is a megabyte of text": {
      user: { picture: own, app_metadata: { picture_copy: { of: own, url: million } } },
    },
    "prototype keys in a copy": parseJson(
      `{"user":{"picture":"${own}","app_metadata":{"picture_copy":{"__proto__":{"of":"${fingerprintOf(own)}","url":"https://evil.io/"}}}}}`,
    ),
    "a megabyte of scopes": {
      user: {},
      transaction: { requested_scopes: Array.from({ length: 100_000 }, () => "x") },
    },
  };
  for (const [what, event] of Object.entries(hostile)) {
    it(`with ${what}`, async () => {
      const effects = await runActions(actions, event);
      for (const [kind, name, value] of effects) {
        assert.deepEqual([kind, name], ["claim", "picture"]);
        assert.equal(brokenPromise(value, settings), undefined);
      }
    });
  }

  it("where the API itself throws", async () => {
    const refuse = () => {
      throw new Error("refused");
    };
    const api: PostLoginApi = { idToken: { setCustomClaim: refuse }, samlResponse: { setAttribute: refuse } };
    for (const action of actions) await action({ user: {} }, api);
  });
});

describe("an application that opted out", () => {
  const client = { metadata: { picture_policy: "off" } };

  it("does not evade a block", async () => {
    const user = { user_metadata: { picture: own }, app_metadata: { picture_blocked: true } };
    assert.deepEqual(await runActions(actions, { user, client }), [
      ["claim", "picture", settings.defaultUrl],
    ]);
  });

  it("gets no claim from any Action", async () => {
    for (const user of [{}, { user_metadata: { picture: own } }, { user_metadata: { picture: "" } }]) {
      assert.deepEqual(await runActions(actions, { user, client }), []);
    }
  });

  it("must say off and nothing else", async () => {
    for (const picture_policy of ["OFF", true, "", ["off"]]) {
      assert.equal(
        (await runActions(actions, { user: {}, client: { metadata: { picture_policy } } })).length,
        1,
      );
    }
  });
});

describe("a SAML application", () => {
  const samlAttribute = "http://schemas.auth0.com/picture";
  const saml = bundleActions({ ...settings, samlAttribute }).map(loadBundle);
  const transaction = { protocol: "samlp", requested_scopes: [] };

  it("gets nothing where the setting is off", async () => {
    assert.deepEqual(await runActions(actions, { user: {}, transaction }), []);
  });

  it("gets the same picture as an attribute, the last one that is set", async () => {
    const effects = await runActions(saml, { user: { user_metadata: { picture: own } }, transaction });
    const attributes = effects.filter(([kind]) => kind === "attribute");
    assert.deepEqual(attributes.at(-1), ["attribute", samlAttribute, own]);
  });

  it("is the only one that does", async () => {
    const effects = await runActions(saml, { user: {}, transaction: { protocol: "oidc-basic-profile" } });
    assert.deepEqual(effects, [["claim", "picture", settings.defaultUrl]]);
  });
});

describe("the types of the post-login trigger", () => {
  it("refuse a wrong call when they are compiled", () => {
    const wrong = (api: PostLoginApi) => {
      // @ts-expect-error -- a claim needs a value.
      api.idToken.setCustomClaim("picture");
      // @ts-expect-error -- null is no picture: leave the claim out instead.
      api.idToken.setCustomClaim("picture", null);
      // @ts-expect-error -- the method is called setCustomClaim.
      return api.idToken.setClaim as unknown;
    };
    assert.equal(typeof wrong, "function");
  });
});

/** Only parsed JSON has `__proto__` as a key of its own. */
function parseJson(text: string): unknown {
  return JSON.parse(text);
}
