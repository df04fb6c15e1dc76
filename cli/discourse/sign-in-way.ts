import { ExpectedError } from "../../lib/errors.ts";
import { missingSettings, type DiscourseSettings } from "./discourse-settings.ts";
import { readSwitch, type ReadSiteSetting } from "./site-settings.ts";

/**
 * How a forum signs users in with Auth0: by DiscourseConnect, whose secret lets us sync, or by a login method that the
 * forum's plugins add.
 */
export type SignInWay =
  | { readonly kind: "connect"; readonly secret: string }
  /** `provider` is the method's name in the forum: `oidc`, `oauth2_basic`. */
  | { readonly kind: "provider"; readonly provider: string };

/** The plugins' login methods by the site setting that turns each on. */
export const providerSwitches = { openid_connect_enabled: "oidc", oauth2_enabled: "oauth2_basic" } as const;

/**
 * The way that follows from the forum's own settings; where the key may not read them, the one that ours are for.
 *
 * @throws ExpectedError `discourse-connect-off`, `discourse-provider-unclear`, or `discourse-settings-missing` for a
 *   secret that the forum's way needs.
 */
export async function readSignInWay(settings: DiscourseSettings, read: ReadSiteSetting): Promise<SignInWay> {
  const { connectSecret: secret } = settings;
  const connect = await readSwitch(read, "enable_discourse_connect");
  if (connect === "on" || (connect === "unknown" && settings.provider === undefined)) {
    if (secret === undefined) throw missingSettings({ ...settings, connectSecret: secret });
    return { kind: "connect", secret };
  }
  return { kind: "provider", provider: settings.provider ?? (await readProvider(settings, read)) };
}

async function readProvider({ url }: DiscourseSettings, read: ReadSiteSetting): Promise<string> {
  const enabled = await enabledProviders(read);
  const [only, ...others] = enabled;
  if (only === undefined) {
    throw new ExpectedError(
      "discourse-connect-off",
      `${url} signs nobody in with Auth0, as far as this key can see: the site settings enable_discourse_connect, ` +
        `${Object.keys(providerSwitches).join(" and ")} are off. Turn one on, or name another login method in DISCOURSE_PROVIDER (or ` +
        `discourse:provider).`,
    );
  }
  if (others.length === 0) return only;
  throw new ExpectedError(
    "discourse-provider-unclear",
    `${url} has more than one login method that may stand for Auth0: ${enabled.join(", ")}. Set DISCOURSE_PROVIDER (or ` +
      `discourse:provider) to the one that does.`,
  );
}

/** The plugins' login methods that are on. */
export async function enabledProviders(read: ReadSiteSetting): Promise<string[]> {
  const found: string[] = [];
  for (const [name, provider] of Object.entries(providerSwitches)) {
    if ((await readSwitch(read, name)) === "on") found.push(provider);
  }
  return found;
}
