import { requestAccess } from "../../../auth0/management-token.ts";
import { tenantUsers } from "../../../auth0/tenant-users.ts";
import { openJournal } from "../../../cli/people/journal.ts";
import { clientIdOf, type People } from "../../../cli/people/people.ts";
import type { PictureSettings } from "../../../policy/settings.ts";
import { configKeys, type ConfigValues } from "../../../stack/config-keys.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { setupTenant, type TestTenant } from "../../tenant/setup-tenant.ts";
import { trustForEachTest } from "../../trusted-fetch.ts";

export const settings: PictureSettings = {
  defaultUrl: "https://img.acme.com/default.png",
  gravatar: "keep",
  social: "keep",
  allowedHosts: [],
  allowedPrefixes: ["https://img.acme.com/users/"],
  maxLength: 2048,
};

export interface TenantPeople extends Pick<TestTenant, "tenant" | "api"> {
  /** With a token of these scopes; the journal is in the test's own folder. */
  readonly people: (...scopes: string[]) => Promise<People>;
  readonly stateHome: string;
}

const defaults = Object.fromEntries(
  Object.entries(configKeys).map(([key, entry]) => [key, "fallback" in entry ? entry.fallback : undefined]),
);

/** A tenant for each test, and people of it as the commands have them. */
export function peopleOfTenant(): () => TenantPeople {
  const setup = setupTenant();
  const folder = temporaryFolder();
  trustForEachTest(() => setup().certificates.caFile);
  return () => {
    const { tenant, api, tokenWith } = setup();
    const env = { XDG_STATE_HOME: folder() };
    const people = async (...scopes: string[]): Promise<People> => {
      const token = await tokenWith(...scopes);
      const access = await requestAccess({ domain: tenant.domain, clientAuth: { token } });
      const config = {
        ...defaults,
        auth0Domain: tenant.domain,
        awsRegion: "eu-central-1",
        imageBucket: "acme-pictures",
        imageBaseUrl: "https://img.acme.com",
      } as unknown as ConfigValues;
      return {
        stack: "dev",
        config,
        settings,
        access,
        clientId: await clientIdOf(token),
        users: tenantUsers(access),
        journal: openJournal(tenant.domain, env),
        env,
        now: () => new Date("2026-11-21T12:00:00Z"),
      };
    };
    return { tenant, api, people, stateHome: folder() };
  };
}

/** Scopes of capability `change`. */
export const changeScopes = ["read:users", "update:users"];
