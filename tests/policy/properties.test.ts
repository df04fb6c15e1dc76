import assert from "node:assert/strict";
import fc from "fast-check";
import { runInNewContext } from "node:vm";
import { bundleActions } from "../../infra/bundle-actions.ts";
import { decide } from "../../policy/decide.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { arbitraryEvent, arbitraryLogin, arbitrarySettings } from "./arbitrary-login.ts";
import { restate } from "./restatement.ts";
import { settingsWith } from "./settings.ts";

const reasons = [
  ...["blocked", "gravatar-disabled", "gravatar-fallback", "gravatar-never", "kept", "missing", "not-asked"],
  ...["off", "placeholder", "removed", "root-refused", "social-replaced", "user"],
];
const withoutClaim = new Set(["kept", "not-asked", "off"]);

/** What one login set: undefined where nothing did. */
interface Outcome {
  claim?: string;
  attribute?: [name: string, value: string];
}
type Action = (event: unknown, api: object) => Promise<void>;

/** The deployed Actions of these settings, one after the other, as Auth0 runs them. */
function loginThroughBundles(settings: PictureSettings): (event: unknown) => Promise<Outcome> {
  const actions = bundleActions(settings).map(({ code }) => {
    const exports: { onExecutePostLogin?: Action } = {};
    runInNewContext(code, { exports, URL, URLSearchParams });
    return exports.onExecutePostLogin!;
  });
  return async (event) => {
    const outcome: Outcome = {};
    const api = {
      idToken: { setCustomClaim: (_name: string, value: string) => (outcome.claim = value) },
      samlResponse: {
        setAttribute: (name: string, value: string) => (outcome.attribute = [name, value]),
      },
    };
    for (const action of actions) await action(event, api);
    return outcome;
  };
}

function isSaml(event: unknown): boolean {
  return (event as { transaction?: { protocol?: unknown } | null } | null)?.transaction?.protocol === "samlp";
}

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
        if (reason !== "user" || claim === null || claim.length > settings.maxLength) return;
        const again = decide({ user: { user_metadata: { picture: claim } } }, settings);
        assert.deepEqual(again, { reason, picture: claim, claim });
      }),
      { numRuns: 5000 },
    );
  });

  it("gives the claim and the SAML attribute that the deployed Actions give one after the other", async () => {
    const worlds = fc.sample(arbitrarySettings, { numRuns: 16, seed: 4 }).map((settings) => {
      return { settings, login: loginThroughBundles(settings) };
    });
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(arbitraryEvent, fc.constantFrom(...worlds), async (event, { settings, login }) => {
        const { reason, claim } = decide(event, settings);
        const outcome = await login(event);
        assert.equal(outcome.claim ?? null, claim);
        const inSaml = isSaml(event) && settings.samlAttribute !== undefined && claim !== null;
        assert.deepEqual(outcome.attribute, inSaml ? [settings.samlAttribute, claim] : undefined);
        reached.add(reason);
      }),
      { numRuns: 2000 },
    );
    assert.deepEqual([...reached].sort(), reasons);
  });
});
