import { requestAccess } from "../../../auth0/management-token.ts";
import { tenantUsers } from "../../../auth0/tenant-users.ts";
import { openJournal } from "../../../cli/people/journal.ts";
import { clientIdOf, type People } from "../../../cli/people/people.ts";
import type { Environment } from "../../../lib/environment.ts";
import type { PictureSettings } from "../../../policy/settings.ts";
import { configKeys, type ConfigValues } from "../../../stack/config-keys.ts";

export const settings: PictureSettings = {
  defaultUrl: "https://img.acme.com/default.png",
  gravatar: "keep",
  social: "keep",
  allowedHosts: [],
  allowedPrefixes: ["https://img.acme.com/users/"],
  maxLength: 2048,
};

const defaults = Object.fromEntries(
  Object.entries(configKeys).map(([key, entry]) => [key, "fallback" in entry ? entry.fallback : undefined]),
);

/** A tenant's people as the commands have them, with a token that is there already. */
export async function peopleOf(domain: string, token: string, env: Environment): Promise<People> {
  const access = await requestAccess({ domain, clientAuth: { token } });
  const config = {
    ...defaults,
    auth0Domain: domain,
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
    journal: openJournal(domain, env),
    env,
    now: () => new Date(),
  };
}
