import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { createLoginClient, type LoginClient } from "../../local/login/login.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { Reason } from "../../policy/verdict.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { createTenant, type Tenant } from "../../tenant/create-tenant.ts";
import type { SeedIdentity, SeedUser } from "../../tenant/state/user.ts";
import { policyCases, type PolicyCase } from "../cases/picture-policy.ts";
import { managementApi, type ManagementApi } from "../management-api.ts";
import { deployBundles } from "./deploy-bundles.ts";
import { loginThroughBundles } from "./run-bundle.ts";

const placeholder = "https://cdn.auth0.com/avatars/xx.png";

/** Every reason, so that a new one has to be reached here too. */
const allReasons: Readonly<Record<Reason, true>> = {
  "not-asked": true,
  blocked: true,
  off: true,
  removed: true,
  user: true,
  missing: true,
  placeholder: true,
  "gravatar-disabled": true,
  "gravatar-never": true,
  "gravatar-fallback": true,
  kept: true,
  normalised: true,
  "root-refused": true,
  "social-replaced": true,
  copy: true,
};

const redirectUri = "https://app.test/callback";

describe("the deployed Actions, through a login", () => {
  let folder: string;
  let caFile: string;
  let tenant: Tenant;
  let api: ManagementApi;
  let app: LoginClient;
  let optedOut: LoginClient;
  let deployed: PictureSettings | undefined;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "user-pictures-login-"));
    const certificates = await ensureCertificates(folder);
    tenant = await createTenant({ port: 0, certificates });
    const { domain, clientId, clientSecret } = tenant;
    caFile = certificates.caFile;
    api = await managementApi({ domain, caFile, clientId, clientSecret });
    const application = {
      app_type: "spa" as const,
      token_endpoint_auth_method: "none" as const,
      grant_types: ["authorization_code", "refresh_token"],
      callbacks: [redirectUri],
    };
    const clientOf = async (changes: object) => {
      const { client_id: id } = tenant.clients.create({ name: "App", ...application, ...changes });
      return createLoginClient({ domain, caFile, clientId: id, redirectUri });
    };
    app = await clientOf({});
    optedOut = await clientOf({ name: "Opted out", client_metadata: { picture_policy: "off" } });
  });

  after(async () => {
    await app.close();
    await optedOut.close();
    await api.close();
    await tenant.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Deploying is what takes time, so cases with the same settings share one deployment. */
  async function deploy(settings: PictureSettings): Promise<void> {
    if (JSON.stringify(settings) === JSON.stringify(deployed)) return;
    await deployBundles(api, bundleActions(settings));
    deployed = settings;
  }

  const bySettings = policyCases.toSorted((a, b) =>
    JSON.stringify(a.settings).localeCompare(JSON.stringify(b.settings)),
  );
  it("reaches every reason of the policy here", () => {
    const reached = new Set(policyCases.map(({ reason }) => reason));
    assert.deepEqual([...reached].sort(), Object.keys(allReasons).sort());
  });

  describe("of an application that opted out", () => {
    before(() => deploy(policyCases[0]!.settings));

    it("does not evade a block", async () => {
      const user = {
        user_id: "auth0|off-blocked",
        picture: placeholder,
        app_metadata: { picture_blocked: true },
      };
      tenant.users.create(user);
      const { idTokenClaims } = await optedOut.login({ userId: user.user_id });
      assert.equal(idTokenClaims["picture"], policyCases[0]!.settings.defaultUrl);
    });

    it("leaves the root picture as it is", async () => {
      const user = { user_id: "auth0|off", picture: placeholder, user_metadata: { picture: "" } };
      tenant.users.create(user);
      assert.equal((await optedOut.login({ userId: user.user_id })).idTokenClaims["picture"], placeholder);
    });
  });

  for (const [index, policyCase] of bySettings.entries()) {
    it(policyCase.name, async () => {
      await deploy(policyCase.settings);
      const user = userOf(policyCase, index);
      tenant.users.create(user);
      const { client, transaction } = policyCase.event;
      const scope = transaction?.requested_scopes.join(" ") ?? "openid profile offline_access";
      const application = client === undefined ? app : optedOut;
      for (const { identity, connection } of loginsOf(user, policyCase)) {
        const tokens = await application.login({
          userId: user.user_id,
          ...(identity && { identity }),
          scope,
        });
        assert.equal(tokens.idTokenClaims["picture"], expectedClaim(policyCase), `by ${connection}`);
        if (tokens.refreshToken === undefined) continue;
        const refreshed = await application.refresh(tokens.refreshToken);
        assert.equal(refreshed.idTokenClaims["picture"], expectedClaim(policyCase), "after a refresh");
      }
    });
  }
});

describe("the bundles of the Actions, given each case's event as it is", () => {
  const logins = new Map<string, ReturnType<typeof loginThroughBundles>>();

  for (const { name, event, settings, claim } of policyCases) {
    it(name, async () => {
      const key = JSON.stringify(settings);
      const login = logins.get(key) ?? loginThroughBundles(settings);
      logins.set(key, login);
      assert.equal((await login(event)).claim ?? null, claim);
    });
  }
});

type CaseUser = SeedUser & { readonly identities: readonly SeedIdentity[] };

/**
 * The case's user, by an id of their own. No tenant has users without an id, or with one without a bar: what such a case is
 * about, a root picture that was written by the user, is a database user's.
 */
function userOf({ event }: PolicyCase, index: number): CaseUser {
  const { user_id: id, ...fields } = event.user;
  const text = typeof id === "string" && id.includes("|") ? id : "auth0|1";
  const user_id = `${text}-case-${index}`;
  const [provider = ""] = user_id.split("|", 1);
  const primary = { provider, user_id: user_id.slice(user_id.indexOf("|") + 1) };
  const { connection } = event;
  const isLinked = connection !== undefined && connection.strategy !== provider;
  const linked = { provider: connection?.strategy ?? "", user_id: `linked-${index}` };
  return {
    ...fields,
    user_id,
    name: `Case ${index}`,
    identities: isLinked ? [primary, linked] : [primary],
  } as unknown as CaseUser;
}

/** By which of the identities there is a login: each of them, where the case is about a linked one. */
function loginsOf({ identities }: CaseUser, { event }: PolicyCase) {
  if (identities.length === 1) return [{ identity: undefined, connection: "the only one" }];
  assert.equal(identities.length, 2, JSON.stringify(event));
  return identities.map(({ provider, user_id }) => ({
    identity: `${provider}|${user_id}`,
    connection: provider,
  }));
}

/** Without the profile scope nobody gets a picture; else the root picture stands where no claim is set. */
function expectedClaim({ reason, picture }: PolicyCase): string | undefined {
  return reason === "not-asked" ? undefined : (picture ?? undefined);
}
