import assert from "node:assert/strict";
import { decide } from "../../policy/decide.ts";
import { policyCases } from "../cases/picture-policy.ts";
import { settingsWith } from "./settings.ts";

describe("the picture policy", () => {
  for (const { name, event, settings, picture, reason, claim } of policyCases) {
    it(name, () => {
      assert.deepEqual(decide(event, settings), { picture, reason, claim });
    });
  }

  describe("never throws and shows the default", () => {
    const broken: Record<string, unknown> = {
      "no event": undefined,
      "a null event": null,
      "an event that is a text": "event",
      "no user": {},
      "a null user": { user: null },
      "null members": {
        user: { user_metadata: null, app_metadata: null },
        connection: null,
        transaction: null,
      },
      "metadata that are lists": { user: { user_metadata: [], app_metadata: [] } },
      "scopes that are no list": { user: {}, transaction: { requested_scopes: "openid" } },
    };
    for (const [name, event] of Object.entries(broken)) {
      it(`for ${name}`, () => {
        assert.equal(decide(event, settingsWith()).reason, "missing");
      });
    }
  });

  it("takes the picture that Auth0 makes up for an imported user, which is at another host, for a Gravatar", () => {
    for (const host of ["s.gravatar.com", "secure.gravatar.com"]) {
      const picture = `https://${host}/avatar/ab?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fjd.png`;
      const { reason, claim } = decide({ user: { picture } }, settingsWith({ gravatar: "fallback" }));
      assert.equal(reason, "gravatar-fallback");
      const { host: shownAt, searchParams } = new URL(claim ?? "");
      assert.deepEqual([shownAt, searchParams.get("d")?.includes("cdn.auth0.com")], [host, false]);
    }
  });

  it("refuses a root picture that is no text, and never asks it to become one", () => {
    for (const picture of [7, true, {}, { toString: "x" }, Object.create(null) as unknown]) {
      assert.equal(decide({ user: { picture } }, settingsWith()).reason, "root-refused");
    }
  });

  it("does not take a prototype's members for a user's data", () => {
    const event = { user: { user_metadata: Object.create({ picture: "" }) as object } };
    assert.equal(decide(event, settingsWith()).reason, "missing");
  });

  it("reports the root picture that stands where the application did not ask for the profile", () => {
    const event = { user: { picture: 7 }, transaction: { requested_scopes: [] } };
    assert.deepEqual(decide(event, settingsWith()), { reason: "not-asked", picture: null, claim: null });
  });
});
