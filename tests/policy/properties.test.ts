import assert from "node:assert/strict";
import fc from "fast-check";
import { decide } from "../../policy/decide.ts";
import { readPath } from "../../policy/login.ts";
import { loginThroughBundles } from "../actions/run-bundle.ts";
import { arbitraryEvent, arbitraryLogin, arbitrarySettings } from "./arbitrary-login.ts";
import { brokenPromise } from "./invariant.ts";
import { restate } from "./restatement.ts";
import { settingsWith } from "./settings.ts";

const reasons = [
  ...["blocked", "copy", "gravatar-disabled", "gravatar-fallback", "gravatar-never", "kept", "missing"],
  "normalised",
  ...["not-asked", "off", "placeholder", "removed", "root-refused", "social-replaced", "user"],
];
const withoutClaim = new Set(["kept", "not-asked", "off"]);

describe("for any login at all, the picture policy", () => {
  it("never throws, decides as its restatement does, and reaches every reason", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(arbitraryLogin, ([event, settings]) => {
        const decision = decide(event, settings);
        assert.deepEqual(decision, restate(event, settings));
        assert.equal(decision.claim === null, withoutClaim.has(decision.reason));
        reached.add(decision.reason);
      }),
      { numRuns: 20_000 },
    );
    assert.deepEqual([...reached].sort(), reasons);
  });

  it("decides the same twice and leaves the event as it was", () => {
    fc.assert(
      fc.property(arbitraryLogin, ([event, settings]) => {
        const before = fc.stringify(event);
        assert.deepEqual(decide(event, settings), decide(event, settings));
        assert.equal(fc.stringify(event), before);
      }),
      { numRuns: 1000 },
    );
  });

  it("reads an internationalised host name the same after thousands of logins", () => {
    // Node 20 and 22: URL.canParse turns to false for these once V8 has optimised its caller.
    const event = { user: { user_metadata: { picture: "https://bücher.de/a.png" } } };
    const decisions = Array.from({ length: 20_000 }, () => decide(event, settingsWith()).claim);
    assert.deepEqual([...new Set(decisions)], ["https://xn--bcher-kva.de/a.png"]);
  });

  it("takes its own answer for a valid picture: a claim that a user sets again stays as it is", () => {
    fc.assert(
      fc.property(arbitraryLogin, ([event, settings]) => {
        const { reason, claim } = decide(event, settings);
        if (reason !== "user") return;
        const again = decide({ user: { user_metadata: { picture: claim } } }, settings);
        assert.deepEqual(again, { reason, picture: claim, claim });
      }),
      { numRuns: 5000 },
    );
  });

  it("gives what the deployed Actions give, and keeps the promise about every picture that is shown", async () => {
    const worlds = fc.sample(arbitrarySettings, { numRuns: 16, seed: 4 }).map((settings) => {
      return { settings, login: loginThroughBundles(settings) };
    });
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(arbitraryEvent, fc.constantFrom(...worlds), async (event, { settings, login }) => {
        const { reason, claim } = decide(event, settings);
        const outcome = await login(event);
        assert.equal(outcome.claim ?? null, claim);
        const isSaml = readPath(event, "transaction", "protocol") === "samlp";
        const inSaml = isSaml && settings.samlAttribute !== undefined && claim !== null;
        assert.deepEqual(outcome.attribute, inSaml ? [settings.samlAttribute, claim] : undefined);
        if (reason !== "not-asked" && reason !== "off") {
          const picture = outcome.claim ?? readPath(event, "user", "picture");
          assert.equal(brokenPromise(picture, settings), undefined);
        }
        reached.add(reason);
      }),
      { numRuns: 5000 },
    );
    assert.deepEqual([...reached].sort(), reasons);
  });
});
