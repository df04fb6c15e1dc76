import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleActions } from "../../infra/bundle-actions.ts";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { createLoginClient, type LoginClient } from "../../local/login/login.ts";
import { createTenant, type Tenant } from "../../local/tenant/create-tenant.ts";
import type { SeedUser } from "../../local/tenant/state/new-user.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { Reason } from "../../policy/verdict.ts";
import { policyCases, type PolicyCase } from "../cases/picture-policy.ts";
import { managementApi, type ManagementApi } from "../management-api.ts";
import { deployBundles } from "./deploy-bundles.ts";

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
};

const redirectUri = "https://app.test/callback";

describe("the deployed Actions, through a login", () => {
  let folder: string;
  let caFile: string;
  let tenant: Tenant;
  let api: ManagementApi;
  let app: LoginClient;
  let deployed: PictureSettings | undefined;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "user-pictures-login-"));
    const certificates = await ensureCertificates(folder);
    tenant = await createTenant({ port: 0, certificates });
    const { domain, clientId, clientSecret } = tenant;
    caFile = certificates.caFile;
    api = await managementApi({ domain, caFile, clientId, clientSecret });
    const { client_id } = tenant.clients.create({
      name: "App",
      app_type: "spa",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      callbacks: [redirectUri],
    });
    app = await createLoginClient({ domain, caFile, clientId: client_id, redirectUri });
  });

  after(async () => {
    await app.close();
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
    let optedOut: LoginClient;

    before(async () => {
      await deploy(policyCases[0]!.settings);
      const { client_id: clientId } = tenant.clients.create({
        name: "Opted out",
        app_type: "spa",
        token_endpoint_auth_method: "none",
        callbacks: [redirectUri],
        client_metadata: { picture_policy: "off" },
      });
      optedOut = await createLoginClient({ domain: tenant.domain, caFile, clientId, redirectUri });
    });
    after(() => optedOut.close());

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
      const scope =
        policyCase.event.transaction?.requested_scopes.join(" ") ?? "openid profile offline_access";
      const tokens = await app.login({ userId: user.user_id, scope });
      assert.equal(tokens.idTokenClaims["picture"], expectedClaim(policyCase));
      if (tokens.refreshToken === undefined) return;
      const refreshed = await app.refresh(tokens.refreshToken);
      assert.equal(refreshed.idTokenClaims["picture"], expectedClaim(policyCase), "after a refresh");
    });
  }
});

/** A case without a connection is about a provider's user: a database one would be judged by row 10. */
function userOf({ event }: PolicyCase, index: number): SeedUser {
  const strategy = event.connection?.strategy ?? "google-oauth2";
  return { ...event.user, user_id: `${strategy}|case-${index}`, name: `Case ${index}` } as SeedUser;
}

/** Without the profile scope nobody gets a picture; else the root picture stands where no claim is set. */
function expectedClaim({ reason, picture }: PolicyCase): string | undefined {
  return reason === "not-asked" ? undefined : (picture ?? undefined);
}
